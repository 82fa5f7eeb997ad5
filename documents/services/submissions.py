"""Sealing what a unit hands in: the whole content, its SHA-256 and a receipt (R7)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import of_the_unit, require
from common import clock
from common.narrow import known
from documents.contents import Contents
from documents.models import MaterialKind, RosterEntry, RosterWaiver, Submission, UnsubmittedDraft
from scoring.engine.basis import Basis
from scoring.engine.revision import Revision
from scoring.engine.scheme import scheme_sha256
from scoring.engine.track import Body
from scoring.models import ScoreSheet, SheetLine

# So many missing parts are named one by one; of more, the first and their number.
NAMED_AT_MOST = 3


def missing_for(contents: Contents) -> list[str | Promise]:
    """What a submission still lacks, in words: unfilled parts, the work summary, the roster (R7, R8)."""
    rules = contents.rules
    missing: list[str | Promise] = []
    claimed = {line.code: line.claimed for line in contents.lines}
    unfilled = [part.code for part in rules.parts() if claimed.get(part.code) is None]
    if len(unfilled) > NAMED_AT_MOST:
        text = _("self-evaluated points of %(codes)s and others, %(count)d parts in all")
        missing.append(text % {"codes": "、".join(unfilled[:NAMED_AT_MOST]), "count": len(unfilled)})
    elif unfilled:
        missing.append(_("self-evaluated points of %(codes)s") % {"codes": "、".join(unfilled)})
    held = {part.code: part.points for part in rules.parts()}
    above = [code for code, points in claimed.items() if points is not None and points > held.get(code, points)]
    if above:  # a version of the scheme was signed a moment ago
        missing.append(_("self-evaluated points of %(codes)s within the new limit") % {"codes": "、".join(above)})
    if "summary" in rules.materials and not contents.files(MaterialKind.SUMMARY):
        missing.append(_("the work summary"))
    if "roster" in rules.materials:
        missing.extend(_missing_of_roster(contents, rules.recipients.sample if rules.recipients else 1))
    return missing


def _missing_of_roster(contents: Contents, needed: int) -> list[str | Promise]:
    have = len(contents.roster)
    if have == 0:
        return [_("the roster of service recipients")]
    if have < needed and not RosterWaiver.objects.filter(sheet=contents.sheet).exists():
        return [_("%(count)d more people in the roster of service recipients") % {"count": needed - have}]
    return []


def doubts_about(contents: Contents) -> list[str | Promise]:
    """What may be submitted but will raise a question, in words: points without a word or file, no signed copy."""
    with_files = {material.code for material in contents.files(MaterialKind.EVIDENCE)}
    claimed = [line for line in contents.lines if line.claimed and not line.text.strip()]
    bare = [line.code for line in claimed if line.code not in with_files]
    doubts: list[str | Promise] = []
    if bare:
        doubts.append(
            _("%(codes)s: points are claimed without a word or a file; the department will see no grounds.")
            % {"codes": "、".join(bare)}
        )
    if "score_sheet" in contents.rules.materials and not contents.files(MaterialKind.SCORE_SHEET):
        doubts.append(_("the signed copy of the score sheet is not there"))
    return doubts


def sealed_body(contents: Contents) -> dict[str, Any]:
    """Everything that a submission says, without personal data: the roster by its opaque ids and commitments."""
    sheet = contents.sheet
    return {
        "unit": sheet.unit.code,
        "year": sheet.cycle.year,
        **({"cycle": sheet.cycle.slug} if sheet.cycle.word else {}),
        "track": sheet.track.code,
        **sheet.cycle.scheme.as_sealed,
        "lines": [
            {"code": line.code, "claimed": None if line.claimed is None else str(line.claimed), "text": line.text}
            | ({"basis": line.basis} if line.basis else {})
            for line in contents.lines
        ],
        "materials": [material.sealed_as for material in contents.materials],
        "roster": [list(row) for row in contents.roster],
    }


def seal_submission(*, contents: Contents, by: User | Actor, arrived_at: datetime) -> Submission:
    """Seal a sheet as it stands; the caller holds the process lock.

    People of a roster that was replaced go for good: nothing that was handed in names them (R17).
    """
    sheet = contents.sheet
    actor = actor_of(by)
    require(actor, of_the_unit, sheet)
    body = sealed_body(contents)
    if contents.was_replaced:
        RosterEntry.every.filter(sheet=sheet).exclude(replaced_at=None).delete()
    number = contents.last_number + 1
    sha256 = scheme_sha256(body | {"number": number, "arrived_at": arrived_at.astimezone(UTC).isoformat()})
    day = arrived_at.astimezone(clock.BEIJING)
    return Submission.objects.create(
        sheet=sheet,
        number=number,
        receipt=f"{day:%Y%m%d}-{sheet.pk:05d}-{number}-{sha256[:6].upper()}",
        body=body,
        sha256=sha256,
        submitted_by=actor.user,
        arrived_at=arrived_at,
    )


def keep_draft(submission: Submission) -> UnsubmittedDraft | None:
    """Keep what was changed since `submission` and never handed in, before the sheet goes back; None if nothing was.

    The caller holds the process lock. People of a new roster are not kept: personal data that is not handed in goes.
    """
    body, was = sealed_body(Contents(submission.sheet)), submission.body
    lines = _lines_in(body)
    # Another version of the scheme is nobody's change of a sheet.
    if lines == _followed(submission, lines) and all(body[name] == was[name] for name in ("materials", "roster")):
        return None
    return UnsubmittedDraft.objects.create(sheet=submission.sheet, submission=submission, body=body)


def restore_submission(submission: Submission) -> None:
    """Put a sheet back as it was handed in: points, texts, materials, roster; the caller holds the process lock."""
    sheet, body = submission.sheet, submission.body
    lines = list(sheet.lines.all())
    followed = _followed(submission, [line.code for line in lines])
    for line in lines:
        line.claimed, line.basis, line.text = followed[line.code]
    SheetLine.objects.bulk_update(lines, ["claimed", "basis", "text"])
    kept = _handed_in(sheet, body["materials"])
    sheet.materials.filter(pk__in=kept).update(removed_at=None)
    sheet.materials.filter(removed_at=None).exclude(pk__in=kept).update(removed_at=clock.now())
    people = RosterEntry.every.filter(sheet=sheet)
    named = people.filter(opaque_id__in=[opaque_id for opaque_id, _commitment in body["roster"]])
    people.exclude(pk__in=named.values("pk")).delete()
    named.update(replaced_at=None)


class LineSaid(NamedTuple):
    """What a unit says of a line: the points or times claimed, what they come from, and what was done."""

    claimed: Decimal | None
    basis: Body
    text: str


NOTHING = LineSaid(None, {}, "")  # of what a later version of the scheme asks for besides


def _lines_in(body: dict[str, Any]) -> dict[str, LineSaid]:
    return {
        line["code"]: LineSaid(
            None if line["claimed"] is None else Decimal(line["claimed"]), line.get("basis", {}), line["text"]
        )
        for line in body["lines"]
    }


def _followed(submission: Submission, codes: Iterable[str]) -> dict[str, LineSaid]:
    """What was handed in of the lines of these codes, as the rules that count now make it follow."""
    sealed, revision, followed = _lines_in(submission.body), _since(submission), {}
    for code in codes:
        claimed, said, text = sealed.get(code, NOTHING)
        basis = Basis.from_json(said)
        still = revision.still_says(code, claimed, basis)
        followed[code] = LineSaid(revision.carried(code, claimed, basis), said if still else {}, text)
    return followed


def _since(submission: Submission) -> Revision:
    """The rules by which something was handed in, and those that count now."""
    sheet = submission.sheet
    sealed_by, now = submission.body.get("scheme_version", 1), sheet.cycle.scheme
    then = now if now.version == sealed_by else sheet.cycle.versions.get(version=sealed_by)
    return Revision(known(then.rules.track(sheet.track.code)), sheet.rules)


def _handed_in(sheet: ScoreSheet, sealed: list[dict[str, str]]) -> list[int]:
    """The keys of the files that a seal names, each once: the same content may have been uploaded again later."""
    left = list(sheet.materials.order_by("pk"))
    kept = []
    for named in sealed:
        first = [material for material in left if material.sealed_as == named][:1]
        left = [material for material in left if material not in first]
        kept += [material.pk for material in first]
    return kept
