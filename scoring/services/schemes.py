"""The scheme of a cycle: loaded from a notice as a draft, corrected with reasons, frozen when the cycle opens."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from audit import clock
from audit.errors import DomainError
from audit.services import Entry, record
from audit.verbs import Verb
from scoring.engine.scheme import Scheme as Rules
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle, Finding, Responsibility, Scheme, Track


@transaction.atomic
def load_scheme(body: dict[str, Any], *, source_name: str, source: bytes, by: User | None = None) -> Scheme:
    """Keep what a notice says as the draft of its year's cycle, with its findings open (contract 1).

    A draft of the same year is replaced. Raises DomainError if that cycle is open already (6.3: sealed things stay).
    """
    year = body["year"]
    cycle = Cycle.objects.select_for_update().filter(year=year).first() or Cycle(year=year)
    if cycle.opened_at is not None:
        raise DomainError(_("The cycle of %(year)s is open: its scheme can't be replaced.") % {"year": year})
    _describe(cycle, Rules.from_json(body))
    Scheme.objects.filter(cycle=cycle).delete()
    cycle.tracks.all().delete()
    scheme = Scheme(
        cycle=cycle, body=body, sha256=scheme_sha256(body), source_name=source_name, loaded_by=by, loaded_at=clock.now()
    )
    scheme.source.save(source_name, ContentFile(source), save=False)
    scheme.save()
    Finding.objects.bulk_create(_findings(scheme))
    _make_tracks(scheme)
    record(
        Entry(
            verb=Verb.SCHEME_LOADED, subject=f"cycle:{year}", by=by, cycle_year=year, went_to=scheme.sha256,
            data={"file": source_name, "findings": len(body["findings"])},
        )
    )  # fmt: skip
    return scheme


def _describe(cycle: Cycle, rules: Rules) -> None:
    cycle.title = rules.title or f"{rules.year}"
    cycle.issuer = rules.issuer or ""
    cycle.deadline_at = clock.end_of(rules.deadline) if rules.deadline else None
    cycle.publicity_working_days = rules.publicity_working_days or 5
    cycle.save()


def _findings(scheme: Scheme) -> list[Finding]:
    return [
        Finding(
            scheme=scheme, code=found["code"], severity=found["severity"], track=found["track"] or "",
            at=found["at"] or "", message=found["message"],
        )
        for found in scheme.body["findings"]
    ]  # fmt: skip


def _make_tracks(scheme: Scheme) -> None:
    """Make the tracks; the receiving desk answers for every part until the office says otherwise."""
    for position, rules in enumerate(scheme.rules.tracks, start=1):
        desk = _desk(rules.desk)
        track = Track.objects.create(
            cycle=scheme.cycle, code=rules.code, name=rules.name, position=position, desk=desk
        )
        if desk is not None:
            codes = [part.code for part in rules.parts()] + [adjustment.code for adjustment in rules.adjustments]
            Responsibility.objects.bulk_create(
                Responsibility(track=track, code=code, department=desk) for code in codes
            )


def _desk(name: str | None) -> Department | None:
    """The department of that name; made if the house does not know it yet."""
    if not name:
        return None
    known = Department.objects.filter(name=name).first()
    return known or Department.objects.create(name=name, code=f"d{Department.objects.count() + 1}")
