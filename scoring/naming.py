"""What a cycle is called in addresses: its year, or its year and a word where the year has more than one."""

import re
import unicodedata

from django.utils.translation import gettext as _

from common.errors import DomainError

SLUG = r"[1-9][0-9]{0,3}(?:-[\w-]{1,20})?"
WORD = re.compile(r"\w(?:[\w-]{0,18}\w)?")


class CycleConverter:
    """`<cycle:…>` in an address: the name of a cycle."""

    regex = SLUG

    def to_python(self, text: str) -> str:
        """The name as it stands there."""
        return text

    def to_url(self, slug: object) -> str:
        """The name as it stands in an address."""
        return str(slug)


def slug_in(text: str) -> str:
    """The name of a cycle that `text` may be; empty for anything else."""
    return text if re.fullmatch(SLUG, text) else ""


def slug_for(year: int, word: str = "") -> str:
    """The name of the cycle of a year that `word` tells from the others, such as `2020`, `2020-2`, `2020-青年`.

    Blanks become hyphens, full-width letters plain ones. Raises DomainError at `word` for what no address can bear.
    """
    plain = "-".join(unicodedata.normalize("NFKC", word).casefold().split())
    if plain and not WORD.fullmatch(plain):
        raise DomainError(_("Give a number or a word of letters, digits and hyphens, 20 at most."), field="word")
    return f"{year}-{plain}" if plain else str(year)
