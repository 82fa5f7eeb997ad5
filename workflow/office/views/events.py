"""All records: what was done, by whom, when and why, for office and supervisor."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Action, reads
from audit.models import Event
from audit.queries import Filter, cycles, events_like
from audit.verbs import Verb
from common import clock
from common.tables.written import csv_lines
from common.ui.asked import page_of, words_in
from common.ui.downloads import attachment
from common.wording import spoken_instant
from scoring.naming import slug_in
from workflow.flow.queries.words import Told
from workflow.office.queries.subjects import subjects_called, told

CHUNK = 1000


def _asked(request: HttpRequest) -> dict[str, str]:
    # `year` as well: what addresses named before a year had several cycles.
    asked = {name: words_in(request, name) for name in ("cycle", "verb", "person", "subject")}
    return asked | {"cycle": slug_in(asked["cycle"] or words_in(request, "year"))}


def _like(asked: dict[str, str]) -> QuerySet[Event]:
    return events_like(
        Filter(
            cycle=asked["cycle"],
            verb=asked["verb"] if asked["verb"] in Verb.values else "",
            person=asked["person"],
            subjects=subjects_called(asked["subject"]) if asked["subject"] else None,
        )
    )


@reads(Action.READ_EVENTS)
def events(request: HttpRequest) -> HttpResponse:
    """What was done, newest first, by cycle, verb, person and subject."""
    asked = _asked(request)
    page = page_of(request, _like(asked))
    context = {
        "page": page,
        "rows": told(page),
        "asked": asked,
        "cycles": cycles(),
        "verbs": Verb.choices,
        "query": request.GET.urlencode(),
    }
    return render(request, "workflow/office/events.html", context)


@reads(Action.READ_EVENTS)
def events_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a file for spreadsheets, with all pages."""
    asked = _asked(request)
    lines = csv_lines(_lines(_like(asked)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = attachment("-".join(filter(None, ("events", asked["cycle"]))) + ".csv")
    return answer


def _lines(events: QuerySet[Event]) -> Iterator[list[object]]:
    # The instant twice: as people say it, and exact to the second in a form that sorts.
    head = [_("at"), _("by"), _("what"), _("subject"), _("name"), _("cycle"), _("from"), _("to"), _("why")]
    yield [*head, _("at (ISO 8601)")]
    remaining = events.iterator(chunk_size=CHUNK)
    while chunk := list(islice(remaining, CHUNK)):
        yield from map(_line, told(chunk))


def _line(row: Told) -> list[object]:
    event = row.event
    return [
        spoken_instant(event.at, start=True, year=True),
        str(event.actor) if event.actor else _("the system"),
        event.get_verb_display(),
        event.subject,
        row.name,
        event.cycle,
        row.came_from,
        row.went_to,
        event.why,
        event.at.astimezone(clock.BEIJING).isoformat(timespec="seconds"),
    ]
