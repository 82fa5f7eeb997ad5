"""The list that the public sees, and how it hangs together with the lists before and after it (R13)."""

from dataclasses import dataclass

from workflow.board.models import Board, BoardLine
from workflow.publicity.models import Publicity

Ranks = dict[int, int | None]


@dataclass(frozen=True)
class PublicLine:
    """A unit's line on a public list.

    `rank_before` is the rank that an earlier list gave, `rank_now` the one that a later list gives, each None where
    it is the same; `later` is the address of the list that gives this unit a new result.
    """

    line: BoardLine
    rank_before: int | None = None
    rank_now: int | None = None
    later: str | None = None


@dataclass(frozen=True)
class PublicList:
    """What one publicity shows: the units that it is about by grade, and those whose rank moved with them.

    `later` is the address of the newest list of the same track, if a newer one is public.
    """

    grades: list[tuple[str, list[PublicLine]]]
    moved: list[PublicLine]
    later: str | None


def public_list_of(publicity: Publicity) -> PublicList:
    """The published units by grade, in the cycle's order of grades and by rank; four queries at any size.

    A result that changed is publicised anew in a list of its own: there stand also the units whose rank moved with
    it, and the older list says at each line what holds now.
    """
    about = set(publicity.sheets.values_list("pk", flat=True))
    before, now = _other_ranks(publicity.board)
    newer = list(
        Publicity.objects.filter(board__track=publicity.board.track, board__version__gt=publicity.board.version)
        .order_by("board__version")
        .values_list("sheets", "slug")
    )
    later: dict[int, str] = dict(newer)
    grades: dict[str, list[PublicLine]] = {grade: [] for grade in publicity.board.track.cycle.scheme.rules.grades}
    moved = []
    for line in publicity.board.lines.select_related("sheet").order_by("rank", "sheet__unit__code"):
        sheet = line.sheet_id
        shown = PublicLine(line, _other(before, line), _other(now, line), later.get(sheet))
        if sheet in about:
            grades.setdefault(line.grade, []).append(shown)
        elif shown.rank_before is not None:
            moved.append(shown)
    given = [(grade, lines) for grade, lines in grades.items() if lines]
    return PublicList(given, moved, newer[-1][1] if newer else None)


def _other(ranks: Ranks, line: BoardLine) -> int | None:
    rank = ranks.get(line.sheet_id, line.rank)
    return None if rank == line.rank else rank


def _other_ranks(board: Board) -> tuple[Ranks, Ranks]:
    """Sheet id → rank, in the last public lists before this board, and in the newest."""
    published = BoardLine.objects.filter(board__track=board.track).exclude(board__publicity=None)
    before: Ranks = {}
    now: Ranks = {}
    for version, sheet, rank in published.order_by("board__version").values_list("board__version", "sheet_id", "rank"):
        if version < board.version:
            before[sheet] = rank
        now[sheet] = rank
    return before, now
