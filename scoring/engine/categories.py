"""At least one of each category: an option of the draw that changes neither the roster's format nor anyone's key.

The categories of a roster are a file of their own, `id,category`; the order of k stays that of contract 4, and only who
of it is taken first differs (docs/draw.md).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from scoring.engine.errors import EngineError, EngineErrors, fail
from scoring.engine.messages import _, msg

HEADER = "id,category"
Categories = Mapping[str, str]


def categories_csv(categories: Categories) -> str:
    """The categories as they are published: by id bytewise."""
    return f"{HEADER}\n" + "".join(_lines(categories))


def categories_sha256(categories: Categories) -> str:
    """The fingerprint of the categories, whatever the order of their rows."""
    return hashlib.sha256(("kaohe/categories/v1\n" + "".join(_lines(categories))).encode()).hexdigest()


def _lines(categories: Categories) -> Iterable[str]:
    ordered = sorted(categories.items(), key=lambda row: row[0].encode())
    return (f"{identifier},{category}\n" for identifier, category in ordered)


def parse_categories(lines: Sequence[str]) -> dict[str, str]:
    """Read the lines of a file of categories; EngineErrors name each line that is no row, and a double id."""
    if not lines or lines[0] != HEADER:
        message = msg(_("The file does not begin with its header."))
        raise fail("1", message, msg(_("Write “%(header)s” on the first line."), header=HEADER))
    categories: dict[str, str] = {}
    errors = []
    for number, line in enumerate(lines[1:], start=2):
        identifier, _comma, category = line.partition(",")
        if not category.strip() or identifier in categories:
            remedy = msg(_("Write each id once, with a comma and its category."))
            errors.append(EngineError(str(number), msg(_("This is no row of categories.")), remedy))
        categories[identifier] = category
    if errors:
        raise EngineErrors(errors)
    return categories


def check_categories(categories: Categories, ids: Iterable[str], size: int) -> None:
    """Raise EngineErrors unless everybody of the roster has a category, nobody else, and they are `size` at most."""
    if set(ids) != categories.keys():
        message = msg(_("The categories are not those of the people of the roster."))
        raise fail("", message, msg(_("Give each id of the roster one category.")))
    several = len(set(categories.values()))
    if several > size:
        message = msg(_("%(count)s categories are more than the %(size)s to be drawn."), count=several, size=size)
        raise fail("", message, msg(_("Draw more people, or draw without categories.")))


def first_of_each(order: Sequence[str], size: int, categories: Categories) -> tuple[list[str], list[str]]:
    """Who is drawn and who stands in reserve: the first of each category, then the first of the rest, by `order`."""
    taken: dict[str, str] = {}
    for identifier in order:
        taken.setdefault(categories[identifier], identifier)
    chosen = set(taken.values())
    rest = [identifier for identifier in order if identifier not in chosen]
    chosen.update(rest[: size - len(chosen)])
    drawn = [identifier for identifier in order if identifier in chosen]
    return drawn, [identifier for identifier in order if identifier not in chosen]


def next_reserve(
    standing: Iterable[str], waiting: Sequence[str], gone: str, categories: Categories | None = None
) -> str | None:
    """Who comes in for `gone`, who leaves those `standing`: the first that waits, None if nobody does.

    With categories, if nobody else of that category stands, the first of it that waits comes in, if there is one.
    """
    if not waiting:
        return None
    if categories is not None:
        wanted = categories[gone]
        if wanted not in {categories[identifier] for identifier in standing if identifier != gone}:
            return next((identifier for identifier in waiting if categories[identifier] == wanted), waiting[0])
    return waiting[0]
