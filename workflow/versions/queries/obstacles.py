"""What keeps a proposed version from being signed: what must stay, what was decided under it, what is past changing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from common import clock
from scoring.engine.revision import Revision, forbidden, revisions
from scoring.models import FindingSeverity, Incident, Record, SchemeProposal, ScoreSheet, Step
from scoring.services.schemes import deadline_of

# Results that nobody can take back any more: their publicity is over.
PAST = (Step.CIRCULATION, Step.CIRCULATED)


def what_keeps_back(proposal: SchemeProposal) -> list[str]:
    """Why this version can't be signed, in words; empty where it can (a fixed number of queries)."""
    before, after = proposal.instead_of.rules, proposal.scheme.rules
    if proposal.scheme.body | {"findings": ()} == proposal.instead_of.body | {"findings": ()}:
        return [_("Nothing was changed.")]
    taken = set(proposal.cycle.tracks.filter(sheets__isnull=False).values_list("code", flat=True))
    words = [message.text(_) for message in forbidden(before, after, taken)]
    errors = proposal.scheme.findings.filter(severity=FindingSeverity.ERROR, settled_at=None).count()
    if errors:
        words.append(_("%(count)d errors of the scheme are not corrected.") % {"count": errors})
    words += _of_deadline(proposal)
    words += _of_new_tracks(proposal)
    for code, revision in revisions(before, after).items():
        words += _of_track(proposal, code, revision)
    return words


def _of_deadline(proposal: SchemeProposal) -> Iterator[str]:
    before, after = deadline_of(proposal.instead_of.rules), deadline_of(proposal.scheme.rules)
    stands = proposal.cycle.deadline_at
    if before == after or stands is None:
        return
    if after is None:
        yield _("The deadline is not set.")
    elif stands <= clock.now():
        yield _("The deadline has passed: extend units by name instead.")
    elif after <= clock.now():
        yield _("The new deadline must lie ahead.")


def _of_new_tracks(proposal: SchemeProposal) -> Iterator[str]:
    known = {track.code for track in proposal.instead_of.rules.tracks}
    for track in proposal.scheme.rules.tracks:
        if track.code not in known and not track.desk:
            yield _("%(track)s: a new track needs a receiving desk.") % {"track": track.name}


def _of_track(proposal: SchemeProposal, code: str, revision: Revision) -> Iterator[str]:
    """What was done in a track that its new rules must not undo."""
    name = revision.before.name
    sheets = ScoreSheet.objects.filter(cycle=proposal.cycle, track__code=code)
    past = sheets.filter(assessment__step__in=PAST).count()
    if past:
        text = _("%(track)s: the publicity of %(count)d units is over, their results stand. This track must stay.")
        yield text % {"track": name, "count": past}
    losses = [loss.code for part in revision.before.parts() for loss in part.losses]
    gone = [piece.code for piece in revision.gone] + [code for code in losses if revision.after.loss(code) is None]
    recorded = Record.objects.filter(cycle=proposal.cycle, unit__sheets__in=sheets, code__in=gone, withdrawn_at=None)
    if codes := sorted(set(recorded.values_list("code", flat=True))):
        text = _("%(track)s: facts of the year are recorded under %(codes)s: withdraw them first.")
        yield text % {"track": name, "codes": "、".join(codes)}
    decided_on = Incident.objects.filter(sheet__in=sheets, withdrawn_at=None)
    if revision.before.incident_rule and not revision.after.incident_rule and decided_on.filter(veto="").exists():
        yield _("%(track)s: incidents were decided on units: withdraw the decision first.") % {"track": name}
    other = [veto.code for veto in revision.before.vetoes if revision.after.veto(veto.code) != veto]
    if codes := sorted(set(decided_on.filter(veto__in=other).values_list("veto", flat=True))):
        text = _("%(track)s: %(codes)s was decided on units: withdraw the decision first.")
        yield text % {"track": name, "codes": "、".join(codes)}
    if revision.before.recipients != revision.after.recipients and proposal.cycle.drawings.exists():
        yield _("%(track)s: recipients are being drawn, the sample and its categories stay.") % {"track": name}
