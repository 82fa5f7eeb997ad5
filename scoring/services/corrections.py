"""Findings confirmed and values corrected in a draft: each with a reason, each with old and new in the record."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.engine.errors import EngineErrors
from scoring.engine.notice import check, read_findings
from scoring.engine.scheme import SchemeRules, scheme_sha256
from scoring.models import Cycle, Finding, Scheme, Severity
from scoring.services.schemes import describe_cycle, finding_rows, sync_tracks

Path = tuple[str | int, ...]
Place = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value of a draft: where it stands in the body, what it is called, and what it shall be."""

    path: Path
    label: str
    value: Any


@transaction.atomic
def change_scheme(
    *, scheme: Scheme, changes: Sequence[Change], by: User, why: str, seen: str, places: Sequence[Place] = ()
) -> Scheme:
    """Correct values of a draft; the checks run anew, settled findings stay settled where they still hold.

    `seen` is the SHA-256 of the draft that the person looked at. `places` (track, code) are what was corrected there:
    what only the reader of the notice had doubted at them is answered by it. Raises DomainError when the scheme is
    frozen, was changed meanwhile, no reason is given, nothing changes, or the values make no scheme.
    """
    row = _draft(scheme)
    require(by, is_office)
    if row.sha256 != seen:
        text = _("Somebody has changed this draft meanwhile. Look at it again; what you typed is still here.")
        raise DomainError(text)
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    before, body = row.rules, deepcopy(row.body)
    said = [_put(body, change) for change in changes]
    if not said:
        raise DomainError(_("Nothing was changed."))
    came_from = row.sha256
    body["findings"] = _found_again(body, places)
    row.body, row.sha256 = body, scheme_sha256(body)
    row.save(update_fields=["body", "sha256"])
    describe_cycle(row.cycle, row.rules)
    sync_tracks(row, before)
    gone = _keep_rows(row)
    record(
        Entry(
            verb=Verb.SCHEME_CHANGED, subject=f"cycle:{row.cycle.year}", by=by, cycle_year=row.cycle.year,
            came_from=came_from, went_to=row.sha256, why=why, data={"changes": said, "answered": gone},
        )
    )  # fmt: skip
    return row


def _draft(scheme: Scheme) -> Scheme:
    cycle = Cycle.objects.select_for_update().get(pk=scheme.cycle_id)
    row = Scheme.objects.select_for_update().get(pk=scheme.pk)
    row.cycle = cycle
    if row.frozen_at is not None or cycle.opened_at is not None:
        raise DomainError(_("The cycle is open: its scheme is frozen and can't be changed."))
    return row


def _put(body: dict[str, Any], change: Change) -> dict[str, Any]:
    holder: Any = body
    for key in change.path[:-1]:
        holder = holder[key]
    old = holder[change.path[-1]]
    holder[change.path[-1]] = change.value
    return {"what": change.label, "from": old, "to": change.value}


def _found_again(body: dict[str, Any], places: Sequence[Place]) -> list[dict[str, Any]]:
    """The findings of the changed body: those that its values give, and what only the reader saw elsewhere."""
    with translation.override(settings.LANGUAGE_CODE):  # the language that findings are kept in
        try:
            rules = SchemeRules.from_json(body)
        except EngineErrors as errors:
            raise DomainError("\n".join(error.text(_) for error in errors)) from errors
        found = [finding.to_json(_) for finding in check(rules)]
        kept = [finding.to_json(_) for finding in read_findings(rules, _) if finding.code not in VALUES]
    return found + [one for one in kept if (one["track"] or "", one["at"] or "") not in places]


# What the checks alone decide: once the values no longer give it, it is gone.
VALUES = frozenset({"implied-points", "points-mismatch", "rate-exceeds-cap", "missing"})


def _keep_rows(scheme: Scheme) -> list[str]:
    """Match the rows to the body's findings: unchanged ones stay as they are; returns what is gone, in words."""
    rows = {_key(row.code, row.track, row.at, row.message): row for row in scheme.findings.all()}
    wanted = {_key(f["code"], f["track"], f["at"], f["message"]): f for f in scheme.body["findings"]}
    stays_settled = {key for key, row in rows.items() if row.settled_at and row.severity == Severity.ERROR}
    gone = [row for key, row in rows.items() if key not in wanted and key not in stays_settled]
    Finding.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Finding.objects.bulk_create(finding_rows(scheme, [f for key, f in wanted.items() if key not in rows]))
    return [f"{row} {row.message}" for row in gone]


def _key(code: str, track: str | None, at: str | None, message: str) -> tuple[str, str, str, str]:
    return code, track or "", at or "", message


@transaction.atomic
def confirm_findings(*, scheme: Scheme, ids: Sequence[int], by: User, reason: str = "") -> int:
    """Confirm open readings of a draft as they stand; returns how many. An error needs a reason, and can be confirmed
    only where no check of the values gives it: the numbers must be right.

    Raises DomainError when the scheme is frozen or an error can't be confirmed.
    """
    row = _draft(scheme)
    require(by, is_office)
    chosen = list(row.findings.filter(pk__in=ids, settled_at=None))
    errors = [finding for finding in chosen if finding.severity == Severity.ERROR]
    if any(not confirmable(row, finding) for finding in errors):
        raise DomainError(_("An error of the numbers can't be confirmed: correct the values."))
    if errors and not reason.strip():
        raise DomainError(_("Please say why this reading is right."), field="reason")
    for finding in chosen:
        finding.settled_at, finding.settled_by, finding.reason = clock.now(), by, reason
    Finding.objects.bulk_update(chosen, ["settled_at", "settled_by", "reason"])
    came_from = row.sha256
    if errors:
        keys = {_key(one.code, one.track, one.at, one.message) for one in errors}
        kept = [f for f in row.body["findings"] if _key(f["code"], f["track"], f["at"], f["message"]) not in keys]
        row.body = row.body | {"findings": kept}
        row.sha256 = scheme_sha256(row.body)
        row.save(update_fields=["body", "sha256"])
    if chosen:
        record(
            Entry(
                verb=Verb.FINDING_SETTLED, subject=f"cycle:{row.cycle.year}", by=by, cycle_year=row.cycle.year,
                came_from=came_from, went_to=row.sha256, why=reason,
                data={"findings": [f"{one} {one.message}" for one in chosen]},
            )
        )  # fmt: skip
    return len(chosen)


def confirmable(scheme: Scheme, finding: Finding) -> bool:
    """Whether the office may let the reading stand: a doubt always, an error only where the values are in order."""
    if finding.severity != Severity.ERROR:
        return True
    given = {(one.code, one.track or "", one.at or "") for one in check(scheme.rules)}
    return (finding.code, finding.track, finding.at) not in given
