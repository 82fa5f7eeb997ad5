"""All records: what was done, by whom, when and why, for office and supervisor."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Action, reads
from audit.models import Event
from audit.queries import Filter, events_like, years
from audit.verbs import Verb
from common import clock
from common.numbers import year_in
from common.tables.written import csv_lines
from common.ui.asked import page_of, words_in
from common.wording import spoken_instant
from workflow.flow.queries.words import Told
from workflow.office.queries.subjects import subjects_called, told

CHUNK = 1000


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: words_in(request, name) for name in ("year", "verb", "person", "subject")}


def _like(asked: dict[str, str]) -> QuerySet[Event]:
    return events_like(
        Filter(
            year=year_in(asked["year"]),
            verb=asked["verb"] if asked["verb"] in Verb.values else "",
            person=asked["person"],
            subjects=subjects_called(asked["subject"]) if asked["subject"] else None,
        )
    )


@reads(Action.READ_EVENTS)
def events(request: HttpRequest) -> HttpResponse:
    """What was done, newest first, by year, verb, person and subject."""
    asked = _asked(request)
    page = page_of(request, _like(asked))
    context = {
        "page": page,
        "rows": told(page),
        "asked": asked,
        "years": years(),
        "verbs": Verb.choices,
        "query": request.GET.urlencode(),
    }
    return render(request, "workflow/office/events.html", context)


@reads(Action.READ_EVENTS)
def events_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a file for spreadsheets, with all pages."""
    lines = csv_lines(_lines(_like(_asked(request))))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    year = year_in(request.GET.get("year", ""))
    name = f"events-{year}.csv" if year else "events.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(events: QuerySet[Event]) -> Iterator[list[object]]:
    # The instant twice: as people say it, and exact to the second in a form that sorts.
    head = [_("at"), _("by"), _("what"), _("subject"), _("name"), _("year"), _("from"), _("to"), _("why")]
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
        event.cycle_year,
        row.came_from,
        row.went_to,
        event.why,
        event.at.astimezone(clock.BEIJING).isoformat(timespec="seconds"),
    ]
