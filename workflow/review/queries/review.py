"""The reviews of a department: what is open, with whom, and what stands beside the self-evaluation."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from accounts.actors import Actor
from accounts.models import Role
from common.saving import Saved
from documents.models import Material
from scoring.engine.basis import Basis
from scoring.engine.track import Part, Rule, TrackRules
from scoring.models import Cycle, FormerLine, Record, RecordKind, ScoreSheet, SheetLine, Track
from scoring.wording import name_basis, say_basis, say_kinds, say_points, say_rate, say_rule
from workflow.filing.queries.claims import MARK, basis_places, mark, shown_of
from workflow.filing.queries.sheet import BasisInput, basis_inputs
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import flow_ref
from workflow.review.queries.lines import limit_of, lines_answered, suggested, sum_given

DEPARTMENTAL = (Role.REVIEWER, Role.HEAD)  # said where only open ones are asked for: their index begins with the role


def reviews_visible_to(actor: Actor) -> QuerySet[Task]:
    """Review tasks of the actor's departments, open or done, never about a unit that the actor files for."""
    tasks: QuerySet[Task] = Task.objects.filter(
        flow_task=flow_ref(Node.DEPARTMENT_REVIEW), department_id__in=actor.department_ids()
    )
    sheet = ("process__sheet__unit", "process__sheet__track", "process__sheet__cycle__scheme")
    others = tasks.filter(actor.no_stake("process__sheet__unit"))
    return others.select_related(*sheet, "department", "owner", "handed_over_by").defer(
        "process__sheet__cycle__scheme__body", "process__sheet__explain"
    )


def open_reviews(actor: Actor, cycle: Cycle | None = None) -> QuerySet[Task]:
    """The open ones (of one cycle), those that wait for this person first, then by due date."""
    first = Role.HEAD if actor.department_ids(Role.HEAD) else Role.REVIEWER
    order = Case(When(role=first, then=Value(0)), default=Value(1), output_field=IntegerField())
    tasks = reviews_visible_to(actor).filter(finished=None, role__in=DEPARTMENTAL)
    if cycle is not None:
        tasks = tasks.filter(process__sheet__cycle=cycle)
    return tasks.order_by(order, "due_at", "process__sheet__unit__code")


@dataclass
class Left:
    """How many open reviews are with the reviewers of the actor's departments, and how many with their heads."""

    with_reviewers: int = 0
    with_heads: int = 0

    @property
    def total(self) -> int:
        """How many are open."""
        return self.with_reviewers + self.with_heads


def left_in(actor: Actor, tracks: Collection[Track]) -> dict[int, Left]:
    """Cycle's key → what is left to review in these tracks (one query)."""
    left: defaultdict[int, Left] = defaultdict(Left)
    tasks = open_reviews(actor).filter(process__sheet__track__in=tracks).order_by()
    for cycle, role, count in tasks.values_list("process__sheet__cycle", "role").annotate(count=Count("pk")):
        if role == Role.HEAD:
            left[cycle].with_heads = count
        else:
            left[cycle].with_reviewers = count
    return left


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the points of a part come from as its department finds: the inputs, and what follows for the points.

    Unless it `differs` it is what the unit says, and what follows stands there.
    """

    id: str  # the part's code as a piece of an id that a style may name
    basis: Sequence[BasisInput]
    follows: str
    differs: bool
    editable: bool = True

    @property
    def is_open(self) -> bool:
        """Whether its inputs are shown without being asked for: there is something in them to see."""
        return self.differs or any(field.error for field in self.basis)


NOTHING: Mapping[str, str] = {}


def found_of(
    line: SheetLine, part: Part | None, *, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> Found | None:
    """What a department finds of a part with levels or losses; None where there is nothing to find."""
    basis = Basis.from_json(line.counted_basis)
    inputs = basis_inputs(part, basis, typed, Saved(refused=dict(wrong))) if part else []
    if part is None or not inputs:
        return None
    differs = line.reviewed_basis is not None
    follows = say_basis(part, basis) if differs else ""
    return Found(id=part.code.replace(".", "-"), basis=inputs, follows=follows, differs=differs)


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """A line under review with everything that stands beside it, and what stands in its two inputs."""

    line: SheetLine
    text: str
    limit: Decimal | None
    suggestion: Decimal | int | None
    hints: Sequence[str]
    # What the unit says its points come from: a level, a number measured, losses; and the points that follow.
    basis: str
    found: Found | None
    in_points: bool
    at_least: int | None
    records: Sequence[Record]
    materials: Sequence[Material]
    value: object
    value_error: str
    note: str
    note_error: str

    @property
    def value_field(self) -> str:
        """The name of the points' input."""
        return f"value-{self.line.code}"

    @property
    def note_field(self) -> str:
        """The name of the reason's input."""
        return f"note-{self.line.code}"


@dataclass(frozen=True)
class ReviewGroup:
    """An indicator or adjustment with the lines of it that are reviewed; an adjustment has no points of its own."""

    code: str
    text: str
    points: Decimal | None
    lines: Sequence[ReviewLine]


def standing_in(lines: Iterable[SheetLine], rules: TrackRules) -> dict[str, str]:
    """What stands in each input of a review, by the input's name."""
    standing = {}
    for line in lines:
        standing[f"value-{line.code}"] = "" if line.reviewed is None else say_points(line.reviewed)
        standing[f"note-{line.code}"] = line.review_note
        part, basis = rules.part(line.code), Basis.from_json(line.counted_basis)
        for code, field in basis_places(part) if part else ():
            standing[f"{field}-{code}"] = shown_of(basis, (code, field))
    return standing


def version_of(standing: Mapping[str, str], *, before: str = "", anew: Collection[str] = ()) -> str:
    """A mark for each input: what a page shows there; of the page `before` only what is shown `anew` is another."""
    seen = {name: words for name, words in seen_in(before, standing).items() if name not in anew}
    return "".join(seen.get(name) or mark(words) for name, words in standing.items())


def seen_in(version: str, standing: Mapping[str, str]) -> dict[str, str]:
    """Input → the mark of what a page of this version showed there; nothing where it had other inputs."""
    if len(version) != len(standing) * MARK:
        return {}
    return {name: version[place * MARK :][:MARK] for place, name in enumerate(standing)}


def facts_beside(task: Task) -> list[Record]:
    """Notes and incidents of the year about the unit: they belong to no rule, but stand beside the review (R15)."""
    sheet = task.process.sheet
    noted = Record.objects.filter(cycle_id=sheet.cycle_id, unit_id=sheet.unit_id, withdrawn_at=None, code="")
    return list(noted.select_related("department", "logged_by"))


def points_given(tasks: Collection[Task]) -> dict[int, Decimal]:
    """The points that each review gives to its parts so far, by the task's key (two queries)."""
    return {pk: sum_given(lines) for pk, lines in lines_answered(tasks).items()}


def groups_for(
    task: Task,
    lines: Sequence[SheetLine],
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> list[ReviewGroup]:
    """The lines of a review task as the notice groups them, with records and materials (two queries).

    What was `typed` stands in the inputs in place of what is kept; what is `wrong` with it stands beside them.
    """
    parts = [part for line in lines if (part := task.process.sheet.rules.part(line.code)) is not None]
    codes = [line.code for line in lines] + [loss.code for part in parts for loss in part.losses]
    own = Q(department_id=task.department_id) | Q(code__in=codes)
    beside = _Beside(task.process.sheet, own, typed or {}, wrong or {})
    return beside.grouped(lines)


def groups_of(sheet: ScoreSheet) -> list[ReviewGroup]:
    """The whole sheet as the notice groups it, with records and materials (three queries)."""
    return _Beside(sheet, Q(), {}, {}).grouped(sheet.lines.all())


@dataclass(frozen=True)
class FormerShown:
    """What a line held before a version of the scheme took it out or changed it, and what its points came from."""

    line: FormerLine
    basis: str


def former_of(sheet: ScoreSheet) -> list[FormerShown]:
    """What versions of the scheme took out of a sheet or changed, in the words of the version before (one query)."""
    lines = sheet.former_lines.select_related("proposal__scheme", "proposal__instead_of")
    # Bodies are read once in a process; the effect, as large as a year's units are many, never.
    lines = lines.defer("proposal__scheme__body", "proposal__instead_of__body", "proposal__effect")
    return [FormerShown(line, _basis_before(line, sheet.track.code)) for line in lines]


def _basis_before(line: FormerLine, track: str) -> str:
    rules = line.proposal.instead_of.rules.track(track)
    return name_basis(rules.part(line.code) if rules else None, line.basis, line.claimed)


class _Beside:
    """What stands beside the lines of a sheet: rules, records, materials, and what was typed."""

    def __init__(self, sheet: ScoreSheet, recorded: Q, typed: Mapping[str, str], wrong: Mapping[str, str]) -> None:
        in_force = Record.objects.filter(cycle_id=sheet.cycle_id, unit_id=sheet.unit_id, withdrawn_at=None)
        self.rules, self.typed, self.wrong = sheet.rules, typed, wrong
        self.records = list(in_force.filter(recorded))
        self.materials = list(sheet.materials.filter(removed_at=None))

    def grouped(self, lines: Iterable[SheetLine]) -> list[ReviewGroup]:
        by_code = {line.code: self._beside(line) for line in lines}
        groups = [
            ReviewGroup(item.code, item.text, item.points, [by_code[p.code] for p in item.parts if p.code in by_code])
            for item in self.rules.indicators
        ]
        groups += [
            ReviewGroup(item.code, item.text, None, [by_code[rule.code] for rule in item.rules if rule.code in by_code])
            for item in self.rules.adjustments
        ]
        return [group for group in groups if group.lines]

    def _beside(self, line: SheetLine) -> ReviewLine:
        part, rule = self.rules.part(line.code), self.rules.rule(line.code)
        told = part or rule
        codes = [line.code, *(loss.code for loss in part.losses)] if part else [line.code]
        own = [record for record in self.records if record.code in codes]
        in_points = rule is None or rule.rate_from is not None
        ruled = [record for record in own if record.kind in (RecordKind.BONUS, RecordKind.DEDUCTION)]
        count = sum(record.times for record in ruled if record.code == line.code)
        return ReviewLine(
            line=line,
            text=told.text if told else "",
            limit=limit_of(self.rules, line),
            suggestion=suggested(self.rules, line, count) if count else None,
            hints=_hints(part, rule),
            basis=say_basis(part, Basis.from_json(line.basis)) if part else "",
            found=found_of(line, part, typed=self.typed, wrong=self.wrong),
            in_points=in_points,
            at_least=part.at_least if part else None,
            records=own,
            materials=[material for material in self.materials if material.code == line.code],
            value=self.typed.get(f"value-{line.code}", line.reviewed),
            value_error=self.wrong.get(f"value-{line.code}", ""),
            note=self.typed.get(f"note-{line.code}", line.review_note),
            note_error=self.wrong.get(f"note-{line.code}", ""),
        )


def _hints(part: Part | None, rule: Rule | None) -> list[str]:
    """What the notice says of a line: what it gives, between which levels is chosen, what is taken from it."""
    if part is None:
        return [say_rule(rule)] if rule else []
    return ([say_rate(part.rate, part.per)] if part.rate is not None else []) + say_kinds(part)
