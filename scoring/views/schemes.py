"""The office's pages of notices and schemes: import, read, confirm, correct."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from audit.queries import events_of
from common.bodies import takes_files
from common.ui.answers import is_confirmed, refusals_on
from common.ui.asked import ticked
from scoring.engine.track import Adjustment, Indicator, TrackRules
from scoring.forms.schemes import AssessmentNoticeForm, ConfirmForm, CorrectionForm
from scoring.forms.slots import Slot, item_slots, letter_slots, track_slots
from scoring.models import Finding, Scheme
from scoring.queries.cycles import cycles_with_counts
from scoring.services.corrections import change_scheme, confirm_findings, confirmable
from scoring.services.schemes import import_notice
from scoring.services.uploads import forget_upload
from scoring.wording import component_label, say_rating_options


def scheme_of(slug: str) -> Scheme:
    """The scheme of a cycle, else 404."""
    return get_object_or_404(Scheme.objects.select_related("cycle", "loaded_by"), in_force__slug=slug)


@asks(Action.RUN_CYCLE)
@takes_files
def schemes(request: HttpRequest) -> HttpResponse:
    """All cycles with their schemes, and a notice to import."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AssessmentNoticeForm(*sent, by=requester(request).user)
    if request.method == "POST":
        scheme = _imported(request, form)
        if scheme is not None:
            forget_upload(form.cleaned_data["kept"], by=form.by)
            messages.success(request, _("The notice is read. Look through what was found in it."))
            return redirect("scheme", scheme.cycle.slug)
        form.data = _with(request, kept=form.keep())
    return render(request, "scoring/schemes.html", {"form": form, "cycles": cycles_with_counts()})


def _with(request: HttpRequest, **values: str) -> QueryDict:
    """What was typed, with hidden values renewed."""
    data = request.POST.copy()
    for name, value in values.items():
        data[name] = value
    return data


def _imported(request: HttpRequest, form: AssessmentNoticeForm) -> Scheme | None:
    if form.is_valid():
        name, content = form.cleaned_data["file"]
        said = {name: form.cleaned_data[name] for name in ("year", "word", "replace")}
        with refusals_on(form):
            by = requester(request).user
            return import_notice(name=name, content=content, by=by, **said)
    return None


@reads(Action.READ_CYCLE)
def scheme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A scheme as the notice's annexes print it, with what is still to be settled."""
    scheme = scheme_of(slug)
    return render(request, "scoring/scheme.html", _context(request, scheme))


@dataclass(frozen=True)
class FindingRow:
    """A finding with the name of its track (empty for the letter), and whether it may stand as it was read."""

    finding: Finding
    track_name: str
    confirmable: bool


@dataclass(frozen=True)
class TrackShown:
    """A track's rules, with the name, the weight in percent and the options of each component."""

    rules: TrackRules
    weights: list[tuple[str, Decimal]]
    options: list[tuple[str, str]]


def _context(request: HttpRequest, scheme: Scheme) -> dict[str, object]:
    names = _names(scheme)
    rows = [
        FindingRow(finding, names.get(finding.track, ""), confirmable(scheme, finding))
        for finding in scheme.findings.select_related("settled_by")
    ]
    return {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "rules": scheme.rules,
        "tracks": [TrackShown(track, _weights(track), _rating_options(track)) for track in scheme.rules.tracks],
        "open": [row for row in rows if row.finding.settled_at is None],
        "settled": [row for row in rows if row.finding.settled_at is not None],
        "may_run": may(requester(request), Action.RUN_CYCLE),
        "editable": scheme.frozen_at is None and may(requester(request), Action.RUN_CYCLE),
        "events": events_of(scheme.cycle.recorded_as)[:20],
    }


def _names(scheme: Scheme) -> dict[str, str]:
    return {track.code: track.name for track in scheme.rules.tracks}


def _weights(track: TrackRules) -> list[tuple[str, Decimal]]:
    return [(component_label(component.code), component.weight) for component in track.components]


def _rating_options(track: TrackRules) -> list[tuple[str, str]]:
    labelled = ((component_label(component.code), say_rating_options(component)) for component in track.components)
    return [(label, options) for label, options in labelled if options]


@posts(Action.RUN_CYCLE, "scheme", "slug")
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how many findings and which, then confirm them as they stand."""
    scheme = scheme_of(slug)
    ids = ticked(request.POST)
    chosen: QuerySet[Finding] = scheme.findings.filter(pk__in=ids, settled_at=None)
    if not chosen:
        messages.info(request, _("Nothing was chosen, or it was settled meanwhile."))
        return redirect("scheme", slug)
    form = ConfirmForm(request.POST if is_confirmed(request) else None)
    if form.is_valid():
        with refusals_on(form):
            count = confirm_findings(scheme=scheme, ids=ids, by=requester(request).user, **form.cleaned_data)
            text = ngettext("%(count)d finding confirmed.", "%(count)d findings confirmed.", count)
            messages.success(request, text % {"count": count})
            return redirect("scheme", slug)
    names = _names(scheme)
    context = {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "keys": [finding.pk for finding in chosen],
        "items": [{"label": _place(finding, names), "note": finding.message} for finding in chosen],
        "form": form,
        "keep": f"confirm-{slug}",
    }
    return render(request, "scoring/confirm.html", context)


def _place(finding: Finding, names: Mapping[str, str]) -> str:
    return " · ".join(filter(None, (names.get(finding.track) or finding.track, finding.place))) or _("Letter")


@asks(Action.RUN_CYCLE)
def correct(request: HttpRequest, slug: str, track: str = "", code: str = "") -> HttpResponse:
    """Correct the values of the letter, of a track, or of one indicator or adjustment of it, with a reason."""
    scheme = scheme_of(slug)
    code = _item_of(scheme, track, code) if code else ""
    slots = _slots(scheme, track, code)
    if scheme.frozen_at is not None:
        messages.error(request, _("The cycle is open: its scheme is frozen and can't be changed."))
        return redirect("scheme", slug)
    form = CorrectionForm(slots, request.POST or None, seen=scheme.sha256)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            change_scheme(
                scheme=scheme,
                corrections=form.corrections(),
                by=requester(request).user,
                why=form.cleaned_data["why"],
                seen=form.cleaned_data["seen"],
                places=_places(scheme, track, code),
            )
            messages.success(request, _("The scheme is corrected and checked anew."))
            return redirect("scheme", slug)
    if form.is_bound:
        form.data = _with(request, seen=scheme.sha256)
    rules = scheme.rules.track(track) if track else None
    context = {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "form": form,
        "rules": rules,
        "code": code,
        "text": _text(scheme, track, code),
    }
    return render(request, "scoring/correct.html", context)


def _item_of(scheme: Scheme, track: str, code: str) -> str:
    """The indicator or adjustment that a code such as `6.1` or `B1.1` belongs to."""
    rules = scheme.rules.track(track)
    for item in _items(rules):
        if code == item.code or code in _pieces(item):
            return item.code
    raise Http404


def _items(rules: TrackRules | None) -> Sequence[Indicator | Adjustment]:
    return (*rules.indicators, *rules.adjustments) if rules else ()


def _pieces(item: Indicator | Adjustment) -> list[str]:
    return [piece.code for piece in (item.parts if isinstance(item, Indicator) else item.rules)]


def _slots(scheme: Scheme, track: str, code: str) -> Iterator[Slot]:
    if not track:
        return letter_slots(scheme.body)
    codes = [rules["code"] for rules in scheme.body["tracks"]]
    if track not in codes:
        raise Http404
    index = codes.index(track)
    return item_slots(scheme.body, index, code) if code else track_slots(scheme.body, index)


def _text(scheme: Scheme, track: str, code: str) -> str:
    rules = scheme.rules.track(track) if track else None
    return next((item.text for item in _items(rules) if item.code == code), "")


def _places(scheme: Scheme, track: str, code: str) -> list[tuple[str, str]]:
    rules = scheme.rules.track(track) if track else None
    inside = [piece for item in _items(rules) if item.code == code for piece in _pieces(item)]
    return [(track, place) for place in (code, *inside)]
