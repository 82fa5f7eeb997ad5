"""Texts that a demo wrote into files, for its page of mails."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Text:
    """A text as it lies in the mail folder."""

    name: str
    address: str
    body: str


def texts_written(words: str = "") -> list[Text]:
    """The texts in the mail folder that contain `words`, newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("text-*.txt"), reverse=True)
    return [text for text in map(_read, files) if words in text.body or words in text.address]


def _read(file: Path) -> Text:
    address, _newline, body = file.read_text(encoding="utf-8").partition("\n")
    return Text(name=file.stem, address=address, body=body.strip())
