"""A scheme started on screen: from nothing, from another year's, or from the indicator library."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from common.errors import DomainError
from scoring.engine.notice import check
from scoring.engine.scheme import SchemeRules, canonical_json
from scoring.engine.shelf import blank_body
from scoring.engine.track import Body
from scoring.models import LibraryItem, Scheme
from scoring.naming import slug_for
from scoring.services.library import name_departments
from scoring.services.moving import same_day
from scoring.services.schemes import load_scheme


def start_scheme(
    *,
    year: int,
    by: User,
    like: Scheme | None = None,
    items: Sequence[LibraryItem] = (),
    title: str = "",
    word: str = "",
) -> Scheme:
    """Begin the draft of a year from nothing, `like` another's, or with items of the library in its first track.

    What it was begun with is kept as its file.

    `word` names another assessment of a year that has one. Raises DomainError at `word` where that name is taken.
    """
    require(by, is_office)
    slug = slug_for(year, word)
    text = _("There is a scheme of %(year)s already: open it instead, or name another assessment of that year.")
    there = DomainError(text % {"year": slug}, field="word")
    rows = [(item.kind, item.row) for item in items]
    body = _of_another_year(like.body, year) if like else blank_body(year, *rows)
    body["title"] = title or (body["title"] if like else None)
    with translation.override(settings.LANGUAGE_CODE):  # the language that findings are kept in
        body["findings"] = [finding.to_json(_) for finding in check(SchemeRules.from_json(body))]
    source = canonical_json(body)
    scheme = load_scheme(body, source_name=f"{slug}.json", source=source, by=by, slug=slug, if_there=there)
    if items:
        name_departments(scheme, items, scheme.body["tracks"][0])
    return scheme


def _of_another_year(body: Body, year: int) -> Body:
    """All that its notice says, but for its number and day; its deadline is the same day of the new year, or the last
    that is worked before it."""
    again = body | {"year": year, "number": None, "issued": None, "findings": []}
    if body["title"]:
        again["title"] = body["title"].replace(str(body["year"]), str(year))
    if body["deadline"]:
        again["deadline"] = same_day(date.fromisoformat(body["deadline"]), year - body["year"]).isoformat()
    return again
