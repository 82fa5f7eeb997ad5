"""The lines of sheets brought in line with a new version of their scheme; what they held before is kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Case, Value, When

from common.rows import instances
from scoring.engine.basis import Basis
from scoring.engine.revision import Revision
from scoring.engine.track import Body, Part
from scoring.models import FormerLine, LineKind, SchemeProposal, ScoreSheet, SheetLine


def revise_lines(sheets: Sequence[ScoreSheet], proposal: SchemeProposal, revised: Mapping[str, Revision]) -> set[int]:
    """Let lines of these sheets, whose processes are locked, follow a signed version; the keys of sheets that lost.

    Lines of what is gone go, numbers that have no room any more are lowered or taken out, points follow by the new
    rules from what they came from, new pieces get empty lines. What a line held is a `FormerLine`. A piece of a service
    that has asked; a fixed number of statements a track.
    """
    of_track = defaultdict[str, list[int]](list)
    for sheet in sheets:
        of_track[sheet.track.code].append(sheet.pk)
    lost = set[int]()
    for code, keys in of_track.items():
        lost |= _revise(keys, proposal, revised[code])
    return lost


def _revise(sheets: Sequence[int], proposal: SchemeProposal, revision: Revision) -> set[int]:
    gone = {piece.code for piece in revision.gone}
    lines = instances(SheetLine.objects.filter(sheet__in=sheets))
    former = [_former(line, proposal) for line in lines if _says(line) and (line.code in gone or _cut(line, revision))]
    cut = [line for line in lines if line.code not in gone and _cut(line, revision)]
    for line in cut:
        _carry(line, revision)
    FormerLine.objects.bulk_create(former)
    SheetLine.objects.bulk_update(cut, ["claimed", "basis", "reviewed", "reviewed_basis"])
    SheetLine.objects.filter(sheet__in=sheets, code__in=gone).delete()
    places = {code: number for number, code in enumerate(revision.codes, start=1)}
    SheetLine.objects.filter(sheet__in=sheets).update(
        position=Case(*(When(code=code, then=Value(number)) for code, number in places.items()))
    )
    SheetLine.objects.bulk_create(_fresh(sheets, revision, places))
    return {line.sheet_id for line in former}


def _fresh(sheets: Iterable[int], revision: Revision, places: Mapping[str, int]) -> list[SheetLine]:
    return [
        SheetLine(
            sheet_id=sheet,
            code=piece.code,
            kind=LineKind.PART if isinstance(piece, Part) else LineKind.RULE,
            position=places[piece.code],
        )
        for sheet in sheets
        for piece in revision.fresh
    ]


def _says(line: SheetLine) -> bool:
    return line.claimed is not None or line.reviewed is not None or bool(line.text or line.review_note)


def _carried(line: SheetLine, revision: Revision) -> tuple[Decimal | None, Decimal | None]:
    """The points claimed and those reviewed afterwards, or how many times a rule applies."""
    said, found = Basis.from_json(line.basis), Basis.from_json(line.counted_basis)
    return revision.carried(line.code, line.claimed, said), revision.carried(line.code, line.reviewed, found)


def _cut(line: SheetLine, revision: Revision) -> bool:
    given = (line.basis, line.claimed), (line.reviewed_basis, line.reviewed)
    return _carried(line, revision) != (line.claimed, line.reviewed) or any(
        _is_stale(basis, line.code, points, revision) for basis, points in given
    )


def _carry(line: SheetLine, revision: Revision) -> None:
    """Let the numbers of a line follow, and what they came from as far as it still says how they come about."""
    carried = _carried(line, revision)
    found = line.reviewed_basis if line.reviewed is None else line.counted_basis
    if _is_stale(found, line.code, line.reviewed, revision):
        found = {}
    if _is_stale(line.basis, line.code, line.claimed, revision):
        line.basis = {}
    line.reviewed_basis = None if found == line.basis else found  # else the unit's would stand for what was found
    line.claimed, line.reviewed = carried


def _is_stale(basis: Body | None, code: str, points: Decimal | None, revision: Revision) -> bool:
    """Whether what points came from says nothing any more; the points stay."""
    return bool(basis) and not revision.still_says(code, points, Basis.from_json(basis or {}))


def _former(line: SheetLine, proposal: SchemeProposal) -> FormerLine:
    return FormerLine(
        proposal=proposal,
        sheet_id=line.sheet_id,
        code=line.code,
        kind=line.kind,
        claimed=line.claimed,
        basis=line.basis,
        text=line.text,
        reviewed=line.reviewed,
        reviewed_basis=line.reviewed_basis,
        review_note=line.review_note,
    )
