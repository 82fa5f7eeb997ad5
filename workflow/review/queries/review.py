"""The reviews of a department: what is open, with whom, and what stands beside the self-evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from documents.models import Material
from scoring.engine.track import TrackRules
from scoring.models import Cycle, LineKind, Record, RecordKind, Responsibility, ScoreSheet, SheetLine
from scoring.queries.sheets import rules_of
from workflow.flow.models import Task
from workflow.flow.queries.process import flow_ref
from workflow.review.queries.lines import limit_of, suggested


def reviews_visible_to(actor: Actor) -> QuerySet[Task]:
    """Review tasks of the actor's departments, open or done, never about a unit that the actor files for."""
    tasks: QuerySet[Task] = Task.objects.filter(
        flow_task=flow_ref("department_review"), department_id__in=actor.department_ids()
    )
    return tasks.filter(actor.no_stake("process__sheet__unit")).select_related(
        "process__sheet__unit", "process__sheet__track", "process__sheet__cycle__scheme", "department", "owner",
        "handed_over_by",
    )  # fmt: skip


def open_reviews(actor: Actor, cycle: Cycle | None = None) -> QuerySet[Task]:
    """The open ones (of one cycle), those that wait for this person first, then by due date."""
    first = Role.HEAD if actor.department_ids(Role.HEAD) else Role.REVIEWER
    order = Case(When(role=first, then=Value(0)), default=Value(1), output_field=IntegerField())
    tasks = reviews_visible_to(actor).filter(finished=None)
    if cycle is not None:
        tasks = tasks.filter(process__sheet__cycle=cycle)
    return tasks.order_by(order, "due_at", "process__sheet__unit__code")


@dataclass
class ReviewLine:
    """A line under review with everything that stands beside it."""

    line: SheetLine
    text: str
    limit: object
    suggestion: object = None
    rate: str = ""
    at_least: int | None = None
    records: list[Record] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)

    @property
    def value_field(self) -> str:
        """The name of the points' input."""
        return f"value-{self.line.code}"

    @property
    def note_field(self) -> str:
        """The name of the reason's input."""
        return f"note-{self.line.code}"


@dataclass
class ReviewGroup:
    """An indicator or adjustment with the lines of it that are reviewed."""

    code: str
    text: str
    points: object
    lines: list[ReviewLine]


def facts_beside(task: Task) -> list[Record]:
    """Notes and incidents of the year about the unit: they belong to no rule, but stand beside the review (R15)."""
    sheet = task.process.sheet
    return list(
        Record.objects.filter(
            cycle_id=sheet.cycle_id, unit_id=sheet.unit_id, withdrawn_at=None, code=""
        ).select_related("department", "logged_by")
    )


def points_given(tasks: Sequence[Task]) -> dict[int, Decimal]:
    """The points that each review gives to its parts so far, by the task's key (two queries)."""
    answered = set(
        Responsibility.objects.filter(track_id__in={task.process.sheet.track_id for task in tasks}).values_list(
            "track_id", "department_id", "code"
        )
    )
    lines: dict[int, list[SheetLine]] = {}
    for line in SheetLine.objects.filter(
        sheet_id__in=[task.process.sheet_id for task in tasks], kind=LineKind.PART, reviewed__isnull=False
    ):
        lines.setdefault(line.sheet_id, []).append(line)
    return {task.pk: _sum(task, lines.get(task.process.sheet_id, []), answered) for task in tasks}


def _sum(task: Task, lines: list[SheetLine], answered: set[tuple[int, int, str]]) -> Decimal:
    sheet, department = task.process.sheet, task.department_id or 0
    own = [line for line in lines if (sheet.track_id, department, line.code) in answered]
    return sum((line.reviewed for line in own if line.reviewed is not None), Decimal(0))


def groups_for(task: Task, lines: list[SheetLine]) -> list[ReviewGroup]:
    """The lines of a review task as the notice groups them, with records and materials (three queries)."""
    own = Q(department_id=task.department_id) | Q(code__in=[line.code for line in lines])
    return _grouped(task.process.sheet, lines, _records_of(task.process.sheet).filter(own))


def groups_of(sheet: ScoreSheet) -> list[ReviewGroup]:
    """The whole sheet as the notice groups it, with records and materials (three queries)."""
    return _grouped(sheet, list(sheet.lines.all()), _records_of(sheet))


def _records_of(sheet: ScoreSheet) -> QuerySet[Record]:
    rows = Record.objects.filter(cycle_id=sheet.cycle_id, unit_id=sheet.unit_id, withdrawn_at=None)
    return rows.select_related("department")


def _grouped(sheet: ScoreSheet, lines: list[SheetLine], recorded: QuerySet[Record]) -> list[ReviewGroup]:
    rules, records = rules_of(sheet), list(recorded)
    materials = list(sheet.materials.filter(removed_at=None))
    by_code = {line.code: _with_context(rules, line, records, materials) for line in lines}
    groups = [
        ReviewGroup(item.code, item.text, item.points, [by_code[p.code] for p in item.parts if p.code in by_code])
        for item in rules.indicators
    ]
    groups += [
        ReviewGroup(item.code, item.text, None, [by_code[rule.code] for rule in item.rules if rule.code in by_code])
        for item in rules.adjustments
    ]
    return [group for group in groups if group.lines]


def _rate(rate: Decimal, per: str | None) -> str:
    return _("%(rate)s points each %(per)s") % {"rate": f"{rate.normalize():f}", "per": per or _("once")}


def _with_context(rules: TrackRules, line: SheetLine, records: list[Record], materials: list[Material]) -> ReviewLine:
    part, rule = rules.part(line.code), rules.rule(line.code)
    told = part or rule
    own = [record for record in records if record.code == line.code]
    count = sum(record.times for record in own if record.kind in (RecordKind.BONUS, RecordKind.DEDUCTION))
    return ReviewLine(
        line=line,
        text=told.text if told else "",
        limit=limit_of(rules, line),
        suggestion=count if rule and count else (suggested(rules, line, count) if count else None),
        rate=_rate(told.rate, told.per) if told and told.rate is not None else "",
        at_least=part.at_least if part else None,
        records=own,
        materials=[one for one in materials if one.code == line.code],
    )
