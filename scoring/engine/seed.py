"""The seed lines of a drawing: what they hold and in which order, exact to the byte (docs/draw.md).

Everything but the last line is fixed before the lottery draws its numbers; the last line is those numbers.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.engine.errors import fail
from scoring.engine.lottery import Numbers
from scoring.engine.messages import _, msg

FORMAT = "kaohe/drawing/v1"
LOTTERY = "ssq"  # 双色球
FEWEST_SHARES = 2  # so many people log the hash of a secret, or nothing is drawn
SHORTEST, LONGEST = 16, 128
SHA256 = re.compile(r"[0-9a-f]{64}")
# Words of anything that can be seen, one blank between them: as typed, so stored, so hashed.
SECRET = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+( [^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+)*")


@dataclass(frozen=True)
class Share:
    """A person's part: the hash that was logged, and the secret, empty if it was not revealed in time."""

    sha256: str
    secret: str = ""


@dataclass(frozen=True)
class Covered:
    """A roster that a drawing draws from: whose, how many, and its hashes (of categories only where they count)."""

    unit: str
    size: int
    roster_sha256: str
    categories_sha256: str = ""

    @property
    def line(self) -> str:
        """The roster's line in the list of those covered."""
        return f"{self.roster_sha256},{self.categories_sha256},{self.size},{self.unit}\n"


@dataclass(frozen=True)
class Occasion:
    """What a drawing is, fixed as it is opened: the n-th of its cycle, the lottery's issue, the rosters covered."""

    cycle: str
    number: int
    issue: str
    day: date
    covered: tuple[Covered, ...]


def secret_in(text: str) -> str:
    """The secret that a person typed, in Unicode's form NFC; EngineErrors unless it can be one."""
    secret = unicodedata.normalize("NFC", text.strip())
    if not SHORTEST <= len(secret) <= LONGEST or not SECRET.fullmatch(secret):
        message = msg(_("A secret has 16 to 128 characters that can be seen, with single blanks between words."))
        raise fail("secret", message)
    return secret


def secret_sha256(secret: str) -> str:
    """The hash by which a secret is logged before it is revealed."""
    return hashlib.sha256(f"kaohe/secret/v1\n{secret}\n".encode()).hexdigest()


def covered_text(covered: Iterable[Covered]) -> str:
    """The list of rosters covered, a line each, by unit bytewise: published, and hashed into the seed."""
    return "".join(roster.line for roster in sorted(covered, key=lambda roster: roster.unit.encode()))


def covered_sha256(covered: Iterable[Covered]) -> str:
    """The hash that stands for every roster covered."""
    return hashlib.sha256(f"kaohe/rosters/v1\n{covered_text(covered)}".encode()).hexdigest()


def seed_lines(occasion: Occasion, shares: Sequence[Share], numbers: Numbers) -> list[str]:
    """The seed lines of a drawing, shares in the order in which they were logged; `--seed-lines` takes them."""
    return [
        FORMAT,
        f"cycle {occasion.cycle}",
        f"drawing {occasion.number}",
        f"rosters {len(occasion.covered)} {covered_sha256(occasion.covered)}",
        f"lottery {LOTTERY} {occasion.issue} {occasion.day.isoformat()}",
        *(_share_line(place, share) for place, share in enumerate(shares, start=1)),
        f"numbers {numbers.red_text} + {numbers.blue_text}",
    ]


def _share_line(place: int, share: Share) -> str:
    if share.secret:
        return f"revealed {place} {share.sha256} {share.secret}"
    return f"missing {place} {share.sha256}"
