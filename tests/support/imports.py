"""Tables that tests type."""

from accounts.imports import HEAD, PeopleRead, read_people
from common.tables.incoming import pasted


def people_in(text: str) -> PeopleRead:
    """What an import of these pasted rows of people would do."""
    return read_people(pasted(text).below(HEAD))
