"""The verifiable draw (R8): anyone with the public roster and the seed redoes it (contract 4, exact to the byte)."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.engine.categories import Categories, categories_sha256, check_categories, first_of_each
from scoring.engine.errors import EngineError, EngineErrors, fail
from scoring.engine.messages import _, msg
from scoring.engine.track import Body

ALGORITHM = "kaohe/draw/v1"
WITH_CATEGORIES = f"{ALGORITHM}+categories"
HEADER = "id,commitment"
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMITMENT = re.compile(r"[0-9a-f]{64}|")
SEED = re.compile(r"[0-9A-Fa-f]{64}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Draw:
    """A draw's result, with all that is needed to redo it."""

    roster_sha256: str
    seed: str
    unit: str
    size: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]
    # Only where at least one of each category was drawn.
    categories_sha256: str = ""

    def to_json(self) -> Body:
        """Return the draw in the shape of contract 4; one with categories says their fingerprint too."""
        named = {"categories_sha256": self.categories_sha256} if self.categories_sha256 else {}
        return {
            "algorithm": WITH_CATEGORIES if named else ALGORITHM,
            "roster_sha256": self.roster_sha256,
            "seed": self.seed,
            "unit": self.unit,
            "size": self.size,
            "drawn": list(self.drawn),
            "reserves": list(self.reserves),
            **named,
        }


def commitment(name: str, phone: str, salt: bytes) -> str:
    """Commit to a person without naming them: hex HMAC-SHA-256 of `name LF phone` under their own secret salt."""
    return hmac.new(salt, f"{name}\n{phone}".encode(), hashlib.sha256).hexdigest()


def roster_sha256(rows: Iterable[tuple[str, str]]) -> str:
    """Return R: the fingerprint of a public roster, whatever the order of its rows."""
    digest = hashlib.sha256(b"kaohe/roster/v1\n")
    for identifier, committed in sorted(rows, key=lambda row: row[0].encode()):
        digest.update(f"{identifier},{committed}\n".encode())
    return digest.hexdigest()


def seed_from_hex(text: str) -> bytes:
    """Return the 32 bytes of a seed given as 64 hex digits; EngineErrors when it is not."""
    if not SEED.fullmatch(text):
        raise fail("--seed", msg(_("The seed is not 64 hex digits.")), msg(_("Give 0–9 and a–f, 64 of them.")))
    return bytes.fromhex(text)


def seed_from_lines(lines: Sequence[str]) -> bytes:
    """Return S: the hash of public seed lines in the order given; EngineErrors when there is none or one is blank."""
    if not lines:
        raise fail("", msg(_("There is no seed line.")), msg(_("Give at least one line.")))
    blank = [number for number, line in enumerate(lines, start=1) if not line.strip()]
    if blank:
        raise EngineErrors(
            EngineError(str(number), msg(_("The seed line is blank.")), msg(_("Delete it."))) for number in blank
        )
    return hashlib.sha256(b"kaohe/seed/v1\n" + b"".join(f"{line}\n".encode() for line in lines)).digest()


def split_lines(text: str) -> list[str]:
    """Split a text at LF only, one CR before it dropped; an LF at the end begins no further line."""
    lines = text.split("\n")
    last = lines.pop()
    lines = [line.removesuffix("\r") for line in lines]
    return [*lines, last] if last else lines


def parse_roster(text: str) -> list[tuple[str, str]]:
    """Read a public roster (`id,commitment`); EngineErrors name each malformed or double line."""
    header, *lines = split_lines(text.removeprefix("\ufeff")) or [""]
    if header != HEADER:
        message = msg(_("The roster does not begin with its header."))
        raise fail("1", message, msg(_("Write “%(header)s” on the first line."), header=HEADER))
    errors: list[EngineError] = []
    rows: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=2):
        identifier, comma, committed = line.partition(",")
        if not comma:
            remedy = msg(_("Write an id, a comma and a commitment, which may be empty."))
            errors.append(EngineError(str(number), msg(_("This is no row of a roster.")), remedy))
        else:
            rows.append((identifier, committed))
            errors.extend(_row_errors(str(number), identifier, committed))
    if errors:
        raise EngineErrors(errors)
    check_once(rows)
    return rows


def _row_errors(place: str, identifier: str, committed: str) -> list[EngineError]:
    errors = []
    if not IDENTIFIER.fullmatch(identifier):
        remedy = msg(_("Use 1 to 64 of A–Z, a–z, 0–9, _ and -."))
        errors.append(EngineError(place, msg(_("The id is malformed.")), remedy))
    if not COMMITMENT.fullmatch(committed):
        remedy = msg(_("Give 64 lower-case hex digits, or nothing."))
        errors.append(EngineError(place, msg(_("The commitment is malformed.")), remedy))
    return errors


def check_once(rows: Sequence[tuple[str, str]]) -> None:
    """Raise EngineErrors for every id that stands in the roster twice."""
    seen: dict[str, int] = {}
    errors = []
    for number, (identifier, _committed) in enumerate(rows, start=2):
        if identifier in seen:
            message = msg(_("The id %(id)s stands already on line %(line)s."), id=identifier, line=seen[identifier])
            errors.append(EngineError(str(number), message, msg(_("Give each id once."))))
        seen.setdefault(identifier, number)
    if errors:
        raise EngineErrors(errors)


def roster_csv(rows: Iterable[tuple[str, str]]) -> str:
    """A public roster as it is published, by id bytewise: the order of its rows says nothing of anybody."""
    ordered = sorted(rows, key=lambda row: row[0].encode())
    return f"{HEADER}\n" + "".join(f"{identifier},{committed}\n" for identifier, committed in ordered)


def draw(
    roster_rows: Iterable[tuple[str, str]], unit: str, size: int, seed: bytes, categories: Categories | None = None
) -> Draw:
    """Draw `size` ids of a roster for a unit, without replacement; the rest are reserves in the order drawn.

    `seed` is the 32 bytes of S; with `categories` (id → category) at least one of each is drawn. EngineErrors for a
    malformed or double row, a control character in the unit's code, a size below 1, fewer rows than `size` (says how
    many are missing), or categories that don't fit.
    """
    rows = list(roster_rows)
    errors = [error for number, row in enumerate(rows, start=2) for error in _row_errors(str(number), *row)]
    if errors:
        raise EngineErrors(errors)
    check_once(rows)
    check_request(unit, size)
    _check_enough(size, len(rows))
    order = _order(rows, unit, seed)
    if categories is None:
        return Draw(roster_sha256(rows), seed.hex(), unit, size, tuple(order[:size]), tuple(order[size:]))
    check_categories(categories, order, size)
    drawn, reserves = first_of_each(order, size, categories)
    fingerprint = categories_sha256(categories)
    return Draw(roster_sha256(rows), seed.hex(), unit, size, tuple(drawn), tuple(reserves), fingerprint)


def _order(rows: Sequence[tuple[str, str]], unit: str, seed: bytes) -> list[str]:
    """The ids by k, then by themselves."""
    head = f"{ALGORITHM}\n{roster_sha256(rows)}\n{unit}\n"
    keys = {identifier: hmac.digest(seed, f"{head}{identifier}\n".encode(), "sha256") for identifier, _row in rows}
    return sorted(keys, key=lambda identifier: (keys[identifier], identifier))


def check_request(unit: str, size: int) -> None:
    """Raise EngineErrors for a control character in the unit's code, or a size below 1."""
    if not unit or CONTROL.search(unit):
        message = msg(_("The unit's code is empty or holds a control character."))
        raise fail("--unit", message, msg(_("Give a code of printable characters.")))
    if size < 1:
        raise fail("--size", msg(_("%(size)s is no size of a sample."), size=size), msg(_("Give 1 or more.")))


def _check_enough(size: int, rows: int) -> None:
    if rows < size:
        message = msg(
            _("The roster has %(rows)s people, %(missing)s fewer than %(size)s."),
            rows=rows,
            missing=size - rows,
            size=size,
        )
        raise fail("", message, msg(_("Add people to the roster.")))
