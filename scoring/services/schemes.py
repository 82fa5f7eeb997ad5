"""The scheme of a cycle: loaded from a notice as a draft, or over an earlier draft, until the cycle opens."""

import re
from datetime import date, datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Department, User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.clock import FIRST, LAST
from common.errors import DomainError
from common.storage import kept_file
from scoring.engine.errors import EngineErrors
from scoring.engine.notice import read_notice
from scoring.engine.scheme import SchemeRules, scheme_sha256
from scoring.engine.track import Body, TrackRules
from scoring.models import Cycle, Finding, FindingSeverity, Responsibility, Scheme, Track
from scoring.naming import slug_for
from scoring.readers.sources import read_source
from scoring.services.desks import desk_named

LONGEST_NAME = 200
ABOUT = re.compile(r"关于(?:组织开展|认真做好|开展|做好)?(?P<what>.+?)(?:工作)?的通知")


def import_notice(
    *, name: str, content: bytes, by: User, year: int | None = None, word: str = "", replace: bool = False
) -> Scheme:
    """Read a notice's file and keep it as the draft of its year; `year` is used where the notice states none.

    Where the year has an assessment already, `word` names another of it, and `replace` says that a draft goes.

    Raises DomainError at the field `notice` with everything that is wrong with the file, at `year` when no year is
    known, at `replace` when a draft would be replaced without being asked to, at `word` where only another assessment
    of that year can be begun, or for a word that no address can bear.
    """
    try:
        with translation.override(settings.LANGUAGE_CODE):  # findings are kept in the system's language
            body = read_notice(read_source(name, content)).to_json(_)
    except EngineErrors as errors:
        raise DomainError("\n".join(error.text(_) for error in errors), field="notice") from errors
    if body["year"] is None:
        if year is None:
            raise DomainError(_("The notice does not state its year. Please enter it."), field="year")
        body["year"] = year
        body["findings"] = [finding for finding in body["findings"] if not _asks_for_year(finding)]
    slug = slug_for(body["year"], word)
    _require_asked(body["year"], slug, another=slug != str(body["year"]))
    there = None if replace else _draft_is_there(slug)
    return load_scheme(body, source_name=name, source=content, by=by, slug=slug, if_there=there)


def _require_asked(year: int, slug: str, *, another: bool) -> None:
    """Raise DomainError where a notice can't replace the draft of its year, and no other assessment is named."""
    cycles = {cycle.slug: cycle for cycle in Cycle.objects.filter(year=year)}
    held = cycles.get(slug)
    if held is not None and held.opened_at is not None:
        text = _("The cycle of %(year)s is open: its scheme can't be replaced. Name another assessment of that year.")
        raise DomainError(text % {"year": slug}, field="word")
    if held is None and cycles and not another:
        text = _("There is an assessment of that year already (%(names)s). Name it to replace its draft, or another.")
        raise DomainError(text % {"names": "、".join(cycles)}, field="word")


def _draft_is_there(slug: str) -> DomainError:
    text = _(
        "There is a draft of %(year)s already. Tick this to replace it; its corrections are lost. Or name another "
        "assessment of that year."
    )
    return DomainError(text % {"year": slug}, field="replace")


def _asks_for_year(finding: Body) -> bool:
    """Whether it is the one error that the letter itself can give."""
    return (finding["code"], finding["track"], finding["severity"]) == ("missing", None, FindingSeverity.ERROR)


def load_scheme(
    body: Body,
    *,
    source_name: str,
    source: bytes,
    by: User | None = None,
    slug: str = "",
    if_there: DomainError | None = None,
) -> Scheme:
    """Keep what a notice says as the draft of a cycle, with its findings open (contract 1).

    The cycle is that of the name `slug`, else that which bears the notice's year alone; a draft of it is replaced, or
    `if_there` is raised, also where somebody else begins one of that name at the same time; a second click gets
    what the first began.

    Raises DomainError if that cycle is open already (6.3: sealed things stay), or if units are listed in a track that
    the new notice has not got, for a day of another century, or when the storage has no room for the notice.
    """
    require(by, is_office)
    _require_days(body)
    name = PurePath(source_name).name[-LONGEST_NAME:]
    scheme = Scheme(body=body, sha256=scheme_sha256(body), source_name=name, loaded_by=by, loaded_at=clock.now())
    with kept_file(scheme.source, name, ContentFile(source), field="notice"):
        return _put_draft(scheme, slug or str(body["year"]), by, if_there)


@transaction.atomic
def _put_draft(scheme: Scheme, slug: str, by: User | None, if_there: DomainError | None) -> Scheme:
    """Put a draft whose notice is stored in place of the one before."""
    require(by, is_office)
    body = scheme.body
    cycle, begun = Cycle.objects.select_for_update().get_or_create(slug=slug, defaults={"year": body["year"]})
    if if_there is not None and not begun:
        return _begun_before(scheme, cycle, by, if_there)
    if cycle.opened_at is not None:
        raise DomainError(_("The cycle of %(year)s is open: its scheme can't be replaced.") % {"year": slug})
    former = Scheme.objects.filter(in_force=cycle).first()
    before = former.rules if former else None
    describe_cycle(cycle, SchemeRules.from_json(body))
    if former is not None:
        former.delete()
    scheme.cycle = scheme.in_force = cycle
    scheme.save()
    Finding.objects.bulk_create(finding_rows(scheme, body["findings"]))
    sync_tracks(scheme, before)
    came_from = former.sha256 if former else ""
    told = {"file": scheme.source_name, "findings": len(body["findings"])}
    log(Verb.SCHEME_LOADED, cycle, by=by, came_from=came_from, went_to=scheme.sha256, data=told)
    return scheme


def _begun_before(scheme: Scheme, cycle: Cycle, by: User | None, refusal: DomainError) -> Scheme:
    """The draft that a person's first click began, where this is the second; else raises the refusal."""
    same = Scheme.objects.filter(in_force=cycle, frozen_at=None, loaded_by=by, sha256=scheme.sha256).first()
    if same is None:
        raise refusal
    scheme.source.delete(save=False)
    return same


def _require_days(body: Body) -> None:
    """Raise DomainError for a day that no assessment has: a slip of the year."""
    for field in ("issued", "deadline"):
        day = body.get(field)
        if day and not FIRST <= date.fromisoformat(day) <= LAST:
            raise DomainError(_("Please check the year."), field=field)


def describe_cycle(cycle: Cycle, rules: SchemeRules) -> None:
    """Write what the letter says onto the cycle: title, issuer, deadline (R6), working days of publicity (R13).

    Letters and pages know a cycle by its title: where another of the year has it, the cycle's word stands in it.
    """
    title = short_title(rules.title or f"{rules.year}")
    taken = Cycle.objects.filter(year=cycle.year, title=title).exclude(pk=cycle.pk).exists()
    cycle.title = with_word(title, cycle.word) if taken else title
    cycle.issuer = rules.issuer or ""
    cycle.deadline_at = deadline_of(rules)
    cycle.publicity_working_days = rules.publicity_working_days or 5
    cycle.save()


def deadline_of(rules: SchemeRules) -> datetime | None:
    """The first instant that is too late for a self-evaluation (R6); None where the scheme names no day."""
    return clock.last_moment(rules.deadline, rules.deadline_time) if rules.deadline else None


def follow_scheme(scheme: Scheme, before: SchemeRules) -> None:
    """Let cycle and tracks say what their scheme says since `before`; a version that is only proposed has no say."""
    if not scheme.is_proposed:
        describe_cycle(scheme.cycle, scheme.rules)
        sync_tracks(scheme, before)


def with_word(title: str, word: str) -> str:
    """A title with the word that tells its cycle from the others of the year; as it is without one."""
    told = f"（{word}）" if word else ""
    return title if told in title else title[: LONGEST_NAME - len(told)] + told


def short_title(title: str) -> str:
    """What a notice is about, as people call it: `关于开展2020年度科协工作考核的通知` → `2020年度科协工作考核`."""
    about = ABOUT.fullmatch(title.strip())
    return (about["what"] if about else title)[:LONGEST_NAME]


def finding_rows(scheme: Scheme, findings: list[Body]) -> list[Finding]:
    """Rows, not yet written, for findings in the shape of contract 1."""
    return [
        Finding(
            scheme=scheme,
            code=finding["code"],
            severity=finding["severity"],
            track=finding["track"] or "",
            at=finding["at"] or "",
            message=finding["message"],
        )
        for finding in findings
    ]


def sync_tracks(scheme: Scheme, before: SchemeRules | None) -> None:
    """Bring the cycle's tracks in line with its scheme; what the office set for a track stays where it can.

    A desk follows the scheme only where the scheme's own desk changed since `before`.
    """
    known = {track.code: track for track in scheme.cycle.tracks.all()}
    for position, rules in enumerate(scheme.rules.tracks, start=1):
        track = known.pop(rules.code, None) or Track(cycle=scheme.cycle, code=rules.code)
        former = before.track(rules.code) if before else None
        if former is None or former.desk != rules.desk:
            _move_desk(track, desk_named(rules.desk, scheme.cycle))
        track.name, track.position = rules.name, position
        track.save()
        _sync_responsibilities(track, rules)
    for track in known.values():
        if track.sheets.exists():
            text = _("The new notice has no track “%(track)s”, but units are listed in it: remove them first.")
            raise DomainError(text % {"track": track.name}, field="notice")
        track.delete()


def _move_desk(track: Track, desk: Department | None) -> None:
    if track.desk is not None and desk is not None:
        track.responsibilities.filter(department=track.desk).update(department=desk)
    track.desk = desk


def _sync_responsibilities(track: Track, rules: TrackRules) -> None:
    """The receiving desk answers for every part until the office says otherwise."""
    codes = codes_of(rules)
    track.responsibilities.exclude(code__in=codes).delete()
    if track.desk is not None:
        held = set(track.responsibilities.values_list("code", flat=True))
        Responsibility.objects.bulk_create(
            Responsibility(track=track, code=code, department=track.desk) for code in codes if code not in held
        )


def codes_of(rules: TrackRules) -> list[str]:
    """The parts and adjustments for which a department must answer, in the order printed."""
    return [part.code for part in rules.parts()] + [adjustment.code for adjustment in rules.adjustments]
