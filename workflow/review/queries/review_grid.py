"""The review grid: a page of a track's units by the lines for which a department answers, in a fixed number of queries.

A page begins at a unit, not at a number: it costs as much at the end of thousands as at their beginning, and none is
passed over when those before it drop out of what is left.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role
from scoring.engine.track import Part, TrackRules
from scoring.models import LineKind, ScoreSheet, SheetLine, Track
from scoring.wording import name_basis, say_points
from workflow.flow.models import Task
from workflow.review.queries.lines import codes_answered, is_named, sum_given
from workflow.review.queries.review import reviews_visible_to

A_PAGE = 50


class Only(StrEnum):
    """Which units are shown: all, those whose review is still with the reviewers, those with parts without points."""

    ALL = ""
    LEFT = "left"
    MISSING = "missing"


@dataclass(frozen=True)
class Asked:
    """What of a track is asked for: from the unit of which code on, what the unit is called, which indicator."""

    since: str = ""
    words: str = ""
    group: str = ""
    only: Only = Only.ALL


EVERYTHING = Asked()


@dataclass(frozen=True)
class GridColumn:
    """A line of the notice that the department scores, in an indicator or adjustment (`group`); `limit` is the most it
    can hold, in points or, unless `in_points`, in times. Of a part its points come from what `part` names."""

    code: str
    text: str
    kind: LineKind
    limit: Decimal | None
    group: str
    in_points: bool = True
    part: Part | None = None


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
    """One unit's review in one department; `cells` follow the columns, None where the department does not answer.

    `given` are the points given so far in all columns of the department, shown or not, adjustments left aside.
    """

    task: Task
    cells: tuple[GridCell | None, ...]
    given: Decimal


@dataclass(frozen=True)
class Grid:
    """A page of a track's units by the lines that the actor's departments answer for.

    `groups` are the indicators and adjustments among them, code → text; `before` and `after` where the pages beside
    this one begin: the code of a unit, empty for the first page, None where there is none.
    """

    track: Track
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    groups: Mapping[str, str]
    before: str | None
    after: str | None

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
        .order_by("-cycle__year", "-cycle__pk", "position")
        .distinct()
    )


def reviews_named(actor: Actor, tracks: Collection[Track], keys: Collection[int]) -> list[Task]:
    """The reviews of these keys that the actor may see in these tracks (one query)."""
    return list(reviews_visible_to(actor).filter(process__sheet__track__in=tracks, pk__in=keys))


def finished_reviews(actor: Actor, track: Track) -> QuerySet[Task]:
    """The reviews of a track in the actor's departments that are with their reviewers and lack no part's points, in the
    order of the units: what can be handed over, as far as points go."""
    answered = codes_answered([track.pk])
    unscored = SheetLine.objects.filter(sheet=OuterRef("process__sheet"), kind=LineKind.PART, reviewed=None)
    tasks = reviews_visible_to(actor).filter(process__sheet__track=track, finished=None, role=Role.REVIEWER)
    for department in actor.department_ids():
        codes = answered.get((track.pk, department), ())
        tasks = tasks.exclude(Exists(unscored.filter(code__in=codes)), department_id=department)
    return tasks.order_by("process__sheet__unit__code", "pk")


def grid_of(actor: Actor, track: Track, asked: Asked = EVERYTHING, *, only: Collection[int] | None = None) -> Grid:
    """A page of the grid of `track` for the departments of `actor`, without units that the actor files for (five
    queries at most).

    With `only` it has the rows of the reviews of these keys: a form that comes back is shown as it was sent.
    """
    codes = codes_answered([track.pk])
    answered = {department: codes.get((track.pk, department), set()) for department in actor.department_ids()}
    columns = _columns(track.rules, set().union(*answered.values()))
    groups = _groups(track.rules, columns)
    shown = tuple(column for column in columns if asked.group not in groups or asked.group == column.group)
    sheets, before, after = _page(_units(actor, track, asked, shown), asked.since)
    tasks = reviews_named(actor, [track], only) if only is not None else _latest(_reviews_of(actor, track, sheets))
    rows = tuple(_rows(tasks, columns, shown, answered))
    return Grid(track=track, columns=shown, rows=rows, groups=groups, before=before, after=after)


def _columns(rules: TrackRules, answered: AbstractSet[str]) -> tuple[GridColumn, ...]:
    """A column for each part and rule among what is answered for, in the order of the notice."""
    parts = [
        GridColumn(part.code, part.text, LineKind.PART, part.points, indicator.code, part=part)
        for indicator in rules.indicators
        for part in indicator.parts
        if part.code in answered
    ]
    times = [
        GridColumn(
            rule.code, rule.text, LineKind.RULE, rule.most, adjustment.code, in_points=rule.rate_from is not None
        )
        for adjustment in rules.adjustments
        for rule in adjustment.rules
        if {rule.code, adjustment.code} & answered
    ]
    return (*parts, *times)


def _groups(rules: TrackRules, columns: Iterable[GridColumn]) -> dict[str, str]:
    there = {column.group for column in columns}
    texts = {indicator.code: indicator.text for indicator in rules.indicators}
    texts |= {adjustment.code: adjustment.text for adjustment in rules.adjustments}
    return {code: text for code, text in texts.items() if code in there}


# ---- which units ----


def _units(actor: Actor, track: Track, asked: Asked, columns: Iterable[GridColumn]) -> QuerySet[ScoreSheet]:
    """The sheets of the track that have a review in the actor's departments, as far as they are asked for."""
    reviews = reviews_visible_to(actor).filter(process__sheet=OuterRef("pk"))
    sheets = ScoreSheet.objects.filter(actor.no_stake("unit"), cycle=track.cycle_id, track=track)
    if asked.words:
        named = Q(unit_name__icontains=asked.words) | Q(unit__code__icontains=asked.words)
        sheets = sheets.filter(named)
    if asked.only is Only.ALL:
        return sheets.filter(Exists(reviews))
    sheets = sheets.filter(Exists(reviews.filter(finished=None, role=Role.REVIEWER)))
    if asked.only is Only.MISSING:
        parts = [column.code for column in columns if column.kind is LineKind.PART]
        without = SheetLine.objects.filter(sheet=OuterRef("pk"), code__in=parts, reviewed=None)
        sheets = sheets.filter(Exists(without))
    return sheets


def _page(units: QuerySet[ScoreSheet], since: str) -> tuple[list[int], str | None, str | None]:
    """The keys of the sheets from the unit of code `since` on, and where the pages before and after begin."""
    ahead = list(
        units.filter(unit__code__gte=since).order_by("unit__code").values_list("pk", "unit__code")[: A_PAGE + 1]
    )
    passed = units.filter(unit__code__lt=since).order_by("-unit__code").values_list("unit__code", flat=True)
    before = _begins_before(list(passed[: A_PAGE + 1])) if since else None
    after = ahead[A_PAGE][1] if len(ahead) > A_PAGE else None
    return [pk for pk, _code in ahead[:A_PAGE]], before, after


def _begins_before(passed: Sequence[str]) -> str | None:
    """Where the page before begins, by the codes of the units passed, the nearest first."""
    if not passed:
        return None
    return passed[A_PAGE - 1] if len(passed) > A_PAGE else ""


# ---- what stands in their rows ----


def _reviews_of(actor: Actor, track: Track, sheets: Collection[int]) -> Iterable[Task]:
    if not sheets:
        return []
    return reviews_visible_to(actor).filter(process__sheet__track=track, process__sheet__in=sheets).order_by("pk")


def _latest(tasks: Iterable[Task]) -> list[Task]:
    """The last review of each unit in each department: a reopened one comes before the one that was done."""
    return list({(task.process_id, task.department_id): task for task in tasks}.values())


def _rows(
    tasks: Collection[Task],
    columns: Collection[GridColumn],
    shown: Collection[GridColumn],
    answered: Mapping[int, Collection[str]],
) -> Iterable[GridRow]:
    """A row for each review, in the order of the units (one query)."""
    lines = _lines_of({task.process.sheet_id for task in tasks}, columns)
    for task in sorted(tasks, key=lambda task: (task.process.sheet.unit.code, task.department_id or 0)):
        own = answered[task.department_id or 0]
        mine = {
            column.code: line
            for column in columns
            if (column.code in own or (column.kind is LineKind.RULE and column.group in own))
            and (line := lines.get((task.process.sheet_id, column.code)))
        }
        open_here = task.finished is None and task.role == Role.REVIEWER
        yield GridRow(
            task=task,
            cells=tuple(
                GridCell(task, line, open_here and is_named(task, line)) if (line := mine.get(column.code)) else None
                for column in shown
            ),
            given=sum_given(mine.values()),
        )


def _lines_of(sheets: Collection[int], columns: Iterable[GridColumn]) -> dict[tuple[int, str], SheetLine]:
    """(Sheet's key, code) → its line, without the words that stand on the unit's own page."""
    if not sheets:
        return {}
    lines = SheetLine.objects.filter(sheet__in=sheets, code__in=[column.code for column in columns])
    return {(line.sheet_id, line.code): line for line in lines.defer("text", "review_note")}


@dataclass(frozen=True)
class CellShown:
    """A cell as it is shown: what stands in its input, what is wrong with that, what the points claimed come from, and
    those given, where the department finds otherwise.
    """

    column: GridColumn
    cell: GridCell | None
    value: str
    error: str
    basis: str = ""
    found: str = ""


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
    basis = name_basis(column.part, cell.line.basis, cell.line.claimed)
    found = name_basis(column.part, cell.line.reviewed_basis or {}, cell.line.reviewed)
    value, error = typed.get(cell.name, kept), wrong.get(cell.name, "")
    return CellShown(column, cell, value=value, error=error, basis=basis, found=found)
