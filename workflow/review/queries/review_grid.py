"""The review grid: the units of a track by the lines for which a department answers, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Role
from scoring.engine.track import TrackRules
from scoring.models import LineKind, SheetLine, Track
from scoring.queries.sheets import rules_of
from scoring.wording import say_points
from workflow.flow.models import Task
from workflow.review.queries.lines import is_named, limit_of, lines_answered
from workflow.review.queries.review import reviews_visible_to, sum_given


@dataclass(frozen=True)
class GridColumn:
    """A line of the notice that the department scores; `limit` is the most it can hold, in points or times."""

    code: str
    text: str
    kind: LineKind
    limit: Decimal | None


@dataclass(frozen=True)
class GridCell:
    """A unit's line in a column; `editable` while the task is with the reviewers and names the line."""

    task: Task
    line: SheetLine
    editable: bool

    @property
    def name(self) -> str:
        """The name of the cell's input."""
        return f"value-{self.task.pk}-{self.line.code}"


@dataclass(frozen=True)
class GridRow:
    """One unit's review in one department; `cells` follow the columns, None where the department does not answer."""

    task: Task
    cells: tuple[GridCell | None, ...]

    @property
    def given(self) -> Decimal:
        """The points given so far, adjustments left aside."""
        return sum_given(cell.line for cell in self.cells if cell)


@dataclass(frozen=True)
class Grid:
    """A track's units by the lines that the actor's departments answer for."""

    track: Track
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]

    @property
    def editable(self) -> list[GridCell]:
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


def grid_of(actor: Actor, track: Track, *, only: Collection[int] | None = None) -> Grid:
    """The grid of `track` for the departments of `actor`, without units that the actor files for (three queries).

    With `only` it has the rows of the reviews of these keys, for a page that saves a few cells of many.
    """
    reviews = reviews_visible_to(actor).filter(process__sheet__track=track)
    if only is not None:
        reviews = reviews.filter(pk__in=only)
    tasks = sorted(
        _latest(reviews.order_by("pk")), key=lambda task: (task.process.sheet.unit.code, task.department_id or 0)
    )
    lines = lines_answered(tasks)
    columns = _columns(rules_of(tasks[0].process.sheet), chain(*lines.values())) if tasks else ()
    return Grid(track=track, columns=columns, rows=tuple(_row(task, columns, lines[task.pk]) for task in tasks))


def _latest(tasks: Iterable[Task]) -> Iterable[Task]:
    """The last review of each unit in each department: a reopened one comes before the one that was done."""
    return {(task.process_id, task.department_id): task for task in tasks}.values()


def _columns(rules: TrackRules, lines: Iterable[SheetLine]) -> tuple[GridColumn, ...]:
    """A column for each code among the lines, in the order of the notice."""
    columns = []
    for line in sorted({line.code: line for line in lines}.values(), key=lambda line: line.position):
        told = rules.part(line.code) or rules.rule(line.code)
        if told is not None:
            columns.append(GridColumn(line.code, told.text, LineKind(line.kind), limit_of(rules, line)))
    return tuple(columns)


def _row(task: Task, columns: tuple[GridColumn, ...], lines: list[SheetLine]) -> GridRow:
    by_code = {line.code: line for line in lines}
    with_reviewers = task.finished is None and task.role == Role.REVIEWER
    cells = []
    for column in columns:
        line = by_code.get(column.code)
        cells.append(GridCell(task, line, with_reviewers and is_named(task, line)) if line else None)
    return GridRow(task=task, cells=tuple(cells))


@dataclass(frozen=True)
class CellShown:
    """A cell as it is shown: what stands in its input, and what is wrong with that."""

    column: GridColumn
    cell: GridCell | None
    value: str
    error: str


@dataclass(frozen=True)
class RowShown:
    """A row as it is shown."""

    row: GridRow
    cells: tuple[CellShown, ...]


def rows_shown(grid: Grid, *, typed: Mapping[str, str], wrong: Mapping[str, str]) -> list[RowShown]:
    """The rows; what was `typed` stands in the inputs in place of what is kept, what is `wrong` with it beside them."""
    return [
        RowShown(
            row=row,
            cells=tuple(
                _shown(column, cell, typed, wrong) for column, cell in zip(grid.columns, row.cells, strict=True)
            ),
        )
        for row in grid.rows
    ]


def _shown(column: GridColumn, cell: GridCell | None, typed: Mapping[str, str], wrong: Mapping[str, str]) -> CellShown:
    if cell is None:
        return CellShown(column, None, value="", error="")
    kept = say_points(cell.line.reviewed) if cell.line.reviewed is not None else ""
    return CellShown(column, cell, value=typed.get(cell.name, kept), error=wrong.get(cell.name, ""))
