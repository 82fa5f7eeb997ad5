"""The reading view: the original beside the scheme, linked both ways; and a finding settled by a choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks, may, reads
from common.ui.answers import refusals_on
from common.ui.asked import ticked
from scoring.engine.edit import OPTIONS
from scoring.engine.notice.account import Became, Entry, Place
from scoring.engine.notice.choices import Choice, choices
from scoring.engine.notice.source import Paragraph, SourceRow
from scoring.engine.track import Adjustment, Indicator, Level, Part, Rule, TrackRules
from scoring.forms.settling import AS_READ, SettleForm
from scoring.models import Finding, Scheme
from scoring.queries.readings import Reading, reading_of
from scoring.services.corrections import Correction, change_scheme, confirm_findings, confirmable
from scoring.views.schemes import scheme_of
from scoring.wording import say_points, say_worth

QUIET = frozenset({Became.PLAIN, Became.FORM, Became.BESIDE})

MARKED = frozenset({Became.UNREAD, Became.TOLD})


@dataclass(frozen=True)
class Stretch:
    """Some words of a piece, and the anchor in the scheme of what they price; empty for plain words."""

    text: str
    goes: str = ""


@dataclass(frozen=True)
class Piece:
    """A paragraph or a cell: its anchor, how it is shown, its words, and the anchor and code of the row it went to."""

    anchor: str
    tone: str
    stretches: tuple[Stretch, ...]
    goes: str = ""
    code: str = ""
    span: int = 1


@dataclass(frozen=True)
class Block:
    """A paragraph, or the rows of a table; of a notice in several files the first of each bears its name."""

    piece: Piece | None
    rows: tuple[tuple[Piece, ...], ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Doubt:
    """An open finding, the words of the original that it is about, and where these stand."""

    finding: Finding
    quote: str
    anchor: str


@dataclass(frozen=True)
class PieceShown:
    """A piece of a row: its anchor, code and words, and what it gives or takes."""

    anchor: str
    code: str
    text: str
    worth: str


@dataclass(frozen=True)
class RowShown:
    """A row of the scheme: its anchor, where it is printed in the original, its pieces, its open findings."""

    anchor: str
    code: str
    text: str
    points: str
    origin: str
    pieces: tuple[PieceShown, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class TrackShown:
    """A track's rows, and the open findings that are about it as a whole."""

    code: str
    name: str
    rows: tuple[RowShown, ...]
    doubts: tuple[Doubt, ...]


@reads(Action.READ_CYCLE)
def reading_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The original at the left, the scheme at the right."""
    scheme = scheme_of(slug)
    reading = reading_of(scheme)
    doubts = [_doubt(finding, reading) for finding in scheme.findings.filter(settled_at=None)]
    anchors = _anchors(scheme)
    context = {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "blocks": list(_blocks(reading, anchors)) if reading else [],
        "doubts": [doubt for doubt in doubts if not doubt.finding.track],
        "tracks": [_track(track, reading, doubts) for track in scheme.rules.tracks],
        "editable": scheme.frozen_at is None and may(requester(request), Action.RUN_CYCLE),
    }
    return render(request, "scoring/reading.html", context)


def _doubt(finding: Finding, reading: Reading | None) -> Doubt:
    place = reading.place_of(finding.track, finding.at, finding.message) if reading else None
    return Doubt(finding, reading.text(place), _left(place)) if reading and place else Doubt(finding, "", "")


def _left(place: Place) -> str:
    """The anchor of a piece of the original."""
    return f"o-{place.block}-{place.row}-{place.cell}"


def _right(track: str, code: str) -> str:
    """The anchor of a row or a piece of the scheme."""
    return f"s-{track}-{code}"


def _anchors(scheme: Scheme) -> set[str]:
    """All that the scheme has now: what was taken out of it since is no aim of a link."""
    anchors: set[str] = set()
    for track in scheme.rules.tracks:
        items: list[Indicator | Adjustment] = [*track.indicators, *track.adjustments]
        for row in items:
            anchors.update(_right(track.code, code) for code in (row.code, *(piece.code for piece in _pieces(row))))
    return anchors


def _pieces(row: Indicator | Adjustment) -> Iterator[Part | Level | Rule]:
    """What a row is scored by: its parts with their levels and losses, or its rules."""
    if isinstance(row, Adjustment):
        yield from row.rules
        return
    for part in row.parts:
        yield part
        yield from part.levels
        yield from part.losses


def _blocks(reading: Reading, anchors: set[str]) -> Iterator[Block]:
    file = reading.source.name
    for index, block in enumerate(reading.source.blocks):
        before, file = file, (block if isinstance(block, Paragraph) else block.rows[0]).place.partition(":")[0]
        begins = "" if file == before else file
        if isinstance(block, Paragraph):
            yield Block(_piece(reading, Place(index), anchors), file=begins)
        else:
            pairs = enumerate(block.rows)
            rows = tuple(tuple(_cells(reading, Place(index, row), line, anchors)) for row, line in pairs)
            yield Block(None, rows, begins)


def _cells(reading: Reading, place: Place, row: SourceRow, anchors: set[str]) -> Iterator[Piece]:
    """The cells of a row, which leads to the scheme once for each row of that."""
    led: set[str] = set()
    for number, cell in enumerate(row.cells):
        piece = replace(_piece(reading, replace(place, cell=number), anchors), span=cell.span)
        yield replace(piece, goes="", code="") if piece.goes in led else piece
        led.add(piece.goes)


def _piece(reading: Reading, place: Place, anchors: set[str]) -> Piece:
    entry = reading.entries.get(place, Entry(Became.PLAIN))
    goes = _right(entry.track or "", entry.at or "")
    linked = goes in anchors and entry.became not in QUIET
    tone = "left" if entry.became in MARKED else "dim" if entry.became in QUIET else ""
    stretches = tuple(_stretches(reading.text(place), entry, anchors))
    return Piece(_left(place), tone, stretches, goes if linked else "", (entry.at or "") if linked else "")


def _stretches(text: str, entry: Entry, anchors: set[str]) -> Iterator[Stretch]:
    """A text cut at its marks."""
    at = 0
    for span in entry.spans:
        goes = _right(entry.track or "", span.code)
        if goes in anchors:
            yield Stretch(text[at : span.start])
            yield Stretch(text[span.start : span.end], goes)
            at = span.end
    yield Stretch(text[at:])


def _track(track: TrackRules, reading: Reading | None, doubts: Sequence[Doubt]) -> TrackShown:
    own = [doubt for doubt in doubts if doubt.finding.track == track.code]
    origins = {(entry.track, entry.at): _left(place) for place, entry in reversed(_entries(reading)) if entry.at}
    items: list[Indicator | Adjustment] = [*track.indicators, *track.adjustments]
    rows = tuple(_row(track.code, row, origins, own) for row in items)
    return TrackShown(track.code, track.name, rows, tuple(doubt for doubt in own if not doubt.finding.at))


def _row(
    track: str, row: Indicator | Adjustment, origins: dict[tuple[str | None, str], str], doubts: Sequence[Doubt]
) -> RowShown:
    return RowShown(
        _right(track, row.code),
        row.code,
        row.text,
        say_points(row.points if isinstance(row, Indicator) else row.cap),
        origins.get((track, row.code), ""),
        tuple(PieceShown(_right(track, piece.code), piece.code, piece.text, _worth(piece)) for piece in _pieces(row)),
        tuple(doubt for doubt in doubts if doubt.finding.at.split(".", maxsplit=1)[0] == row.code),
    )


def _worth(piece: Part | Level | Rule) -> str:
    if isinstance(piece, Rule):
        return say_worth(piece)
    return say_points(piece.points)


def _entries(reading: Reading | None) -> list[tuple[Place, Entry]]:
    return list(reading.entries.items()) if reading else []


@asks(Action.RUN_CYCLE)
def settle(request: HttpRequest, slug: str) -> HttpResponse:
    """A finding with its place in the original, what was read and what else it could mean, and the reason to give."""
    scheme = scheme_of(slug)
    finding = scheme.findings.filter(pk__in=ticked(request.GET), settled_at=None).first()
    if finding is None or scheme.frozen_at is not None:
        messages.info(request, _("Nothing was chosen, or it was settled meanwhile."))
        return redirect("scheme", slug)
    others = choices(scheme.rules, finding.code, finding.track, finding.at)
    may_stand = confirmable(scheme, finding)
    form = SettleForm(others, request.POST or None, may_stand=may_stand, seen=scheme.sha256)
    if form.is_valid():
        with refusals_on(form):
            _settle(scheme, finding, others, requester(request).user, form)
            messages.success(request, _("The finding is settled."))
            return redirect("scheme-reading", slug)
    context = {
        "scheme": scheme,
        "cycle": scheme.cycle,
        "doubt": _doubt(finding, reading_of(scheme)),
        "form": form,
        "choosable": may_stand or others,
    }
    return render(request, "scoring/settle.html", context)


def _settle(scheme: Scheme, finding: Finding, others: Sequence[Choice], by: User, form: SettleForm) -> None:
    """Let a finding stand, or put what the chosen reading changes into the scheme."""
    chosen, reason = form.cleaned_data["choice"], form.cleaned_data["reason"]
    if chosen == AS_READ:
        confirm_findings(scheme=scheme, ids=[finding.pk], by=by, reason=reason)
        return
    choice = next(other for other in others if other.name == chosen)
    words = choice.words.text(_)
    corrections = [
        Correction(path=change.path, label=words, value=change.value, optional=change.path[-1] in OPTIONS)
        for change in choice.changes
    ]
    places = [(finding.track, finding.at)] if finding.at else []
    seen = form.cleaned_data["seen"]
    change_scheme(scheme=scheme, corrections=corrections, by=by, why=reason, seen=seen, places=places)
