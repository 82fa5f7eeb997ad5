"""A scheme's notice as it lies in its file, with the account of what became of each piece: read again, not stored."""

import hashlib
import re
from dataclasses import dataclass

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Source, read_notice
from scoring.engine.notice.account import Account, Entry, Place, account
from scoring.engine.notice.fold import squeeze
from scoring.engine.notice.source import Paragraph
from scoring.models import Scheme
from scoring.readers.sources import read_source

MOST_READ = 20
QUOTED = re.compile("“([^”]+)”")
_READ: dict[str, "Reading | None"] = {}  # by SHA-256 of the file


@dataclass(frozen=True)
class Reading:
    """The notice and its account."""

    source: Source
    entries: Account

    def text(self, place: Place) -> str:
        """What is printed at a place."""
        block = self.source.blocks[place.block]
        return block.text if isinstance(block, Paragraph) else block.rows[place.row].cells[place.cell].text

    def place_of(self, track: str, at: str, message: str) -> Place | None:
        """Where a finding stands in the original: where it quotes words, among those of its row; else its words."""
        code = at.split(".", maxsplit=1)[0]
        places = [
            place
            for place, entry in self.entries.items()
            if (entry.track or "") == track and (not at or entry.at == code)
        ]
        for words in QUOTED.findall(message):
            for place in places if track else (*places, *self.entries):  # what is said of all may stand in an annex
                if squeeze(words) in squeeze(self.text(place)):
                    return place
        return max(places, key=lambda place: len(self.text(place))) if at and places else None


def reading_of(scheme: Scheme) -> Reading | None:
    """Return the account of the notice that a scheme was read from; None where there is none that can be read.

    It tells of the notice as it was read: what was corrected since is in the scheme alone.
    """
    try:
        with scheme.source.open("rb") as file:
            content = file.read()
    except (FileNotFoundError, ValueError):  # the file is gone, or there never was one
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return _READ[sha256]
    except KeyError:  # not read yet, or cleared by another thread
        reading = _read(scheme.source_name, content)
    if len(_READ) >= MOST_READ:
        _READ.clear()
    _READ[sha256] = reading
    return reading


def _read(name: str, content: bytes) -> Reading | None:
    try:
        source = read_source(name, content)
        return Reading(source, _in_order(account(source, read_notice(source))))
    except EngineErrors:
        return None


def _in_order(entries: Account) -> dict[Place, Entry]:
    """The account in the order printed."""
    return dict(sorted(entries.items(), key=lambda entry: (entry[0].block, entry[0].row, entry[0].cell)))
