"""The review grid: the units of a track by the lines for which a department answers, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Role
from scoring.engine.track import TrackRules
from scoring.models import LineKind, Responsibility, SheetLine, Track
from scoring.queries.sheets import adjustment_code, rules_of
from workflow.flow.models import Task
from workflow.review.queries.lines import limit_of
from workflow.review.queries.review import reviews_visible_to


@dataclass(frozen=True)
class Column:
    """A line of the notice that the department scores; `limit` is the most it can hold, in points or times."""

    code: str
    text: str
    kind: str
    limit: Decimal | None


@dataclass(frozen=True)
class Cell:
    """A unit's line in a column; `editable` while the task is with the reviewers and names the line."""

    task: Task
    line: SheetLine
    editable: bool

    @property
    def name(self) -> str:
        """The name of the cell's input."""
        return f"value-{self.task.pk}-{self.line.code}"


@dataclass(frozen=True)
class Row:
    """One unit's review in one department; `cells` follow the columns, None where the department does not answer."""

    task: Task
    cells: tuple[Cell | None, ...]

    @property
    def given(self) -> Decimal:
        """The points given so far, adjustments left aside."""
        parts = [cell.line for cell in self.cells if cell and cell.line.kind == LineKind.PART]
        return sum((line.reviewed for line in parts if line.reviewed is not None), Decimal(0))


@dataclass(frozen=True)
class Grid:
    """A track's units by the lines that the actor's departments answer for."""

    track: Track
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def editable(self) -> list[Cell]:
        """Every cell that takes points now."""
        return [cell for row in self.rows for cell in row.cells if cell and cell.editable]


def tracks_reviewed_by(actor: Actor) -> QuerySet[Track]:
    """The tracks of running cycles for which the actor's departments answer, the newest cycle first."""
    return (
        Track.objects.filter(
            responsibilities__department_id__in=actor.department_ids(),
            cycle__opened_at__isnull=False,
            cycle__closed_at=None,
        )
        .select_related("cycle__scheme")
        .defer("cycle__scheme__body")
        .order_by("-cycle__year", "position")
        .distinct()
    )


def grid_of(actor: Actor, track: Track) -> Grid:
    """The grid of `track` for the departments of `actor`, without units that the actor files for (three queries)."""
    answered: dict[int, set[str]] = {}
    for department, code in Responsibility.objects.filter(
        track=track, department_id__in=actor.department_ids()
    ).values_list("department_id", "code"):
        answered.setdefault(department, set()).add(code)
    tasks = list(_latest(reviews_visible_to(actor).filter(process__sheet__track=track).order_by("pk")))
    tasks.sort(key=lambda task: (task.process.sheet.unit.code, task.department_id or 0))
    lines: dict[int, list[SheetLine]] = {}
    for line in SheetLine.objects.filter(sheet_id__in=[task.process.sheet_id for task in tasks]):
        lines.setdefault(line.sheet_id, []).append(line)
    columns = _columns(rules_of(tasks[0].process.sheet), lines[tasks[0].process.sheet_id], answered) if tasks else ()
    rows = [_row(task, columns, lines[task.process.sheet_id], answered[task.department_id or 0]) for task in tasks]
    return Grid(track=track, columns=columns, rows=tuple(rows))


def _latest(tasks: Iterable[Task]) -> Iterable[Task]:
    """The last review of each unit in each department: a reopened one comes before the one that was done."""
    return {(task.process_id, task.department_id): task for task in tasks}.values()


def _columns(rules: TrackRules, lines: list[SheetLine], answered: dict[int, set[str]]) -> tuple[Column, ...]:
    codes = set().union(*answered.values())
    columns = []
    for line in sorted(lines, key=lambda line: line.position):
        told = rules.part(line.code) or rules.rule(line.code)
        if told is not None and _answers(codes, line):
            columns.append(Column(line.code, told.text, line.kind, limit_of(rules, line)))
    return tuple(columns)


def _row(task: Task, columns: tuple[Column, ...], lines: list[SheetLine], codes: set[str]) -> Row:
    by_code = {line.code: line for line in lines if _answers(codes, line)}
    open_to_reviewer = task.finished is None and task.role == Role.REVIEWER
    scope = set(task.scope)
    cells = []
    for column in columns:
        line = by_code.get(column.code)
        named = line is not None and (not scope or _answers(scope, line))
        cells.append(Cell(task, line, open_to_reviewer and named) if line else None)
    return Row(task=task, cells=tuple(cells))


def _answers(codes: set[str], line: SheetLine) -> bool:
    return line.code in codes or adjustment_code(line) in codes
