"""Steps of an editor on a scheme's body: rows put, added, removed and moved; codes follow the order (contract 1)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from scoring.engine.fields import decimal_of
from scoring.engine.numbers import added, plain
from scoring.engine.track import BONUS, DEDUCTION, TO_ZERO, WORK, Body

Place = tuple[str | int, ...]
# By track: the code that each row had, and the one that it has now; None where it is gone. Of quotas by none.
Codes = dict[str, dict[str, str | None]]
NO_TRACK = ""

# What a row of each list holds when it is added; `code` comes from the order.
_RULE: Body = {"code": "", "text": "", "rate": "1", "per": None, "cap": None}
# What becomes of a rule that is made a factor, but for what is said beside it: it has neither points nor times.
_FACTOR: Body = {"rate": "0", "per": None, "cap": None, "rate_from": None}
_PART: Body = {"code": "", "text": "", "points": "0", "at_least": None, "rate": None, "per": None}
BLANKS: Mapping[str, Body] = {
    "components": {"code": "", "weight": "0"},
    "indicators": {"code": "", "text": "", "points": "0", "implied": False, "parts": [_PART]},
    "parts": _PART,
    "levels": {"code": "", "text": "", "points": "0"},
    "losses": _RULE,
    "bonus": {"code": "", "kind": BONUS, "text": "", "cap": None, "rules": [_RULE]},
    "deduction": {"code": "", "kind": DEDUCTION, "text": "", "cap": None, "rules": [_RULE]},
    "rules": _RULE,
    "vetoes": {"code": "", "text": "", "effect": TO_ZERO},
    "grade_bands": {"grade": "", "least": "0"},
    "quotas": {"code": "", "text": "", "grade": "", "count": 1},
    "tracks": {
        "code": "",
        "name": "",
        "annex": 0,
        "desk": None,
        "components": [{"code": WORK, "weight": "100"}],
        "recipients": None,
        "materials": ["summary", "score_sheet"],
        "full_marks": "100",
        "bonus_cap": None,
        "deduction_cap": None,
        "deduction_bars": [],
        "incident_rule": False,
        "indicators": [],
        "adjustments": [],
    },
}


@dataclass(frozen=True)
class Edit:
    """One step: at `place`, `values` are put, or a row is added to its list, removed, or moved by so many rows.

    `add` names what is added (a key of BLANKS), `at` its place in the list, the end where it names none; bonus and
    deduction items stand in one list, `adjustments`.
    """

    place: Place
    values: Mapping[str, Any] = field(default_factory=dict)
    add: str = ""
    at: int | None = None
    remove: bool = False
    move: int = 0


def node_at(body: Body, place: Place) -> Any:
    """The object or list at a place; LookupError where there is none."""
    holder: Any = body
    for key in place:
        fits = isinstance(holder, list if isinstance(key, int) else dict)
        if not fits:
            raise LookupError(place)
        holder = holder[key]
    return holder


def edited(body: Body, *edits: Edit, sealed: Body | None = None) -> tuple[Body, Codes]:
    """The body after steps, and how codes moved; raises LookupError where a place is none. `body` stays as it is.

    Where it corrects a `sealed` one, rows keep their codes, and new ones get codes that nothing bore there or here.
    """
    after = deepcopy(body)
    before, taken = _codes_of(body), _codes_of(sealed) if sealed else None
    for edit in edits:
        _take(after, edit)
    return after, _recoded(after, before, taken)


def _codes_of(body: Body) -> dict[str, list[str]]:
    """The codes of all rows by their track; by none those of the quotas, which keep theirs: findings stand at them."""
    codes = {track["code"]: [row["code"] for row in _rows(track)] for track in body["tracks"]}
    return codes | {NO_TRACK: [quota["code"] for quota in body.get("quotas", ())]}


def _take(after: Body, edit: Edit) -> None:
    node = node_at(after, edit.place)
    if not edit.add:
        follows = _FACTOR if edit.values.get("factor") else {}
        for name, value in (follows | dict(edit.values)).items():
            _put(node, name, value)
    else:
        rows = node.setdefault(list_of(edit.add), [])
        rows.insert(len(rows) if edit.at is None else edit.at, deepcopy(BLANKS[edit.add]) | dict(edit.values))
    if edit.remove or edit.move:
        _shift(node_at(after, edit.place[:-1]), edit)
    _price(after, edit.place[:-2] if edit.remove or edit.move else edit.place, edit)


def list_of(kind: str) -> str:
    """The list in which a row of a kind (a key of BLANKS) stands."""
    return "adjustments" if kind in (BONUS, DEDUCTION) else kind


def _put(node: Body, name: str, value: Any) -> None:
    """Keep a value; an option that is not taken is left out, so that the scheme is written as one that never had it."""
    if name in OPTIONS and (value is None or value is False or value == []):
        node.pop(name, None)
    else:
        node[name] = value


OPTIONS = frozenset(
    {
        "deadline_time",
        "trim",
        "trim_share",
        "least",
        "below",
        "rate_from",
        "factor",
        "highest",
        "measure",
        "levels",
        "losses",
        "vetoes",
        "track",
        "count",
        "share",
        "of",
        "after",
        "rounding",
    }
)


def _shift(rows: list[Body], edit: Edit) -> None:
    index = int(edit.place[-1])
    row = rows.pop(index)
    if edit.move:
        rows.insert(max(0, index + edit.move), row)


def _price(body: Body, place: Place, edit: Edit) -> None:
    """What follows from pieces: a part has the points of its best level, a row those of its parts together."""
    match place:
        case ("tracks", int(track), "indicators", int(number), *inside) if inside or not edit.values:
            indicator = body["tracks"][track]["indicators"][number]
        case _:
            return
    for part in indicator["parts"]:
        best = [_number(level["points"]) for level in part.get("levels", ())]
        part["points"] = plain(max(best)) if best else part["points"]
    points = plain(added(_number(part["points"]) for part in indicator["parts"])) if indicator["parts"] else None
    if points != indicator["points"]:
        indicator["points"], indicator["implied"] = points, False


def _number(value: object) -> Decimal:
    return decimal_of(value) or Decimal(0)


def _rows(track: Body) -> Iterator[Body]:
    for indicator in track["indicators"]:
        yield indicator
        for part in indicator["parts"]:
            yield part
            yield from part.get("levels", ())
            yield from part.get("losses", ())
    for adjustment in track["adjustments"]:
        yield adjustment
        yield from adjustment["rules"]
    yield from track.get("vetoes", ())


def _recoded(body: Body, before: Mapping[str, list[str]], taken: Mapping[str, list[str]] | None) -> Codes:
    """Give every row its code; returns how the codes of each track that stood before have moved."""
    moved: Codes = {}
    tracks = {track["code"] for track in body["tracks"]} | set(taken or ()) - {NO_TRACK}
    for track in body["tracks"]:
        if not track["code"]:
            number = next(number for number in range(1, len(tracks) + 2) if f"annex-{number}" not in tracks)
            track["code"] = f"annex-{number}"
            track["annex"] = max((other["annex"] or 0 for other in body["tracks"]), default=0) + 1
        held = before.get(track["code"], [])
        kept = None if taken is None else {*held, *taken.get(track["code"], ())}
        moved[track["code"]] = dict.fromkeys(held) | dict(_renumbered(track, kept))
    held = before.get(NO_TRACK, [])
    kept = {*held, *(taken or {}).get(NO_TRACK, ())}
    quotas = dict.fromkeys(held) | dict(_numbered(body.get("quotas", ()), "Q", kept))
    return moved | ({NO_TRACK: quotas} if quotas else {})


def _renumbered(track: Body, kept: Collection[str] | None) -> Iterator[tuple[str, str | None]]:
    yield from _numbered(track["indicators"], "", kept)
    for indicator in track["indicators"]:
        yield from _numbered(indicator["parts"], f"{indicator['code']}.", kept)
        for part in indicator["parts"]:
            yield from _numbered([*part.get("levels", ()), *part.get("losses", ())], f"{part['code']}.", kept)
    for kind, letter in ((BONUS, "B"), (DEDUCTION, "D")):
        yield from _numbered([item for item in track["adjustments"] if item["kind"] == kind], letter, kept)
    for item in track["adjustments"]:
        yield from _numbered(item["rules"], f"{item['code']}.", kept)
    yield from _numbered(track.get("vetoes", ()), "V", kept)


def _numbered(rows: Sequence[Body], prefix: str, kept: Collection[str] | None) -> Iterator[tuple[str, str | None]]:
    """Give each row of a list the code of its place; with codes that are `kept`, new ones the numbers behind them."""
    last = max(_numbers(kept or (), prefix), default=0)
    for number, row in enumerate(rows, start=1):
        was = row["code"]
        if kept is None:
            row["code"] = f"{prefix}{number}"
        elif not was:
            last += 1
            row["code"] = f"{prefix}{last}"
        if was:
            yield was, row["code"]


def _numbers(codes: Iterable[str], prefix: str) -> Iterator[int]:
    """The numbers that stand behind a prefix in these codes, without a dot behind them."""
    ends = (code.removeprefix(prefix) for code in codes if code.startswith(prefix))
    return (int(end) for end in ends if end.isdecimal())


def backwards(codes: Codes) -> Codes:
    """How codes move when a step is taken back; what the step added is gone again."""
    return {track: {now: was for was, now in moves.items() if now is not None} for track, moves in codes.items()}
