"""Words that somebody looks for, as they come in an address: bounded, since a database looks for no more."""

from django.http import HttpRequest

MOST_LETTERS = 100


def words_in(request: HttpRequest, name: str = "q") -> str:
    """What is looked for under `name`, without blanks around it, at most the first hundred letters."""
    return request.GET.get(name, "").strip()[:MOST_LETTERS]
