"""The office proposes another version of a frozen scheme, submits it to the head, or gives it up."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from outbox.letters import letters
from outbox.services import queue
from scoring.models import Cycle, Finding, Scheme, SchemeProposal
from workflow.versions.queries.obstacles import what_keeps_back
from workflow.versions.services.held import hold_proposal


@transaction.atomic
def propose_version(*, cycle: Cycle, why: str, by: User) -> SchemeProposal:
    """Begin another version of the scheme of a cycle that runs, as it stands and with its settled findings.

    Raises DomainError without a reason, where nothing is frozen or all is over, and while another one is open.
    """
    require_reason(why)
    # Its scheme is read afterwards: in one statement it would, after a wait, be the one before another signature.
    held = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    require(by, is_office)
    if not held.is_open:
        raise DomainError(_("Only the scheme of a cycle that runs is corrected by another version."))
    if held.proposals.filter(signed_at=None, withdrawn_at=None).exists():
        raise DomainError(_("Another version is proposed already: go on with it, or give it up."))
    stands = held.scheme
    scheme = Scheme.objects.create(
        cycle=held,
        version=None,
        body=stands.body,
        sha256=stands.sha256,
        source_name=stands.source_name,
        source=stands.source.name,
        loaded_by=by,
        loaded_at=clock.now(),
    )
    findings = list(stands.findings.all())
    for finding in findings:
        finding.pk, finding.scheme = None, scheme
    Finding.objects.bulk_create(findings)
    proposal = SchemeProposal.objects.create(
        scheme=scheme, cycle=held, instead_of=stands, why=why, proposed_by=by, proposed_at=clock.now()
    )
    log(Verb.VERSION_PROPOSED, held, by=by, why=why, came_from=stands.sha256)
    return proposal


@transaction.atomic
def submit_version(*, proposal: SchemeProposal, by: User, why: str) -> None:
    """Submit a proposed version to the head of the leading group, with its reason; nobody edits it from then on.

    Readings that it leaves open are confirmed by it. Raises DomainError without a reason, for what is submitted, and
    for all that keeps it from being signed.
    """
    require_reason(why)
    held = hold_proposal(proposal)
    require(by, is_office)
    if held.is_waiting:
        raise DomainError(_("This version waits for its signature already."))
    if obstacles := what_keeps_back(held):
        raise DomainError("\n".join(obstacles))
    now = clock.now()
    held.scheme.findings.filter(settled_at=None).update(settled_at=now, settled_by=by, reason=why)
    held.scheme.steps.filter(why="").update(why=why)
    held.scheme.frozen_at = now
    held.scheme.save(update_fields=["frozen_at"])
    held.why, held.submitted_by, held.submitted_at = why, by, now
    held.save(update_fields=["why", "submitted_by", "submitted_at"])
    log(Verb.VERSION_SUBMITTED, held.cycle, by=by, why=why, went_to=held.scheme.sha256)
    # To the head, but not to whoever had a part in it: nobody signs what they proposed.
    heads = members_with(role=Role.CHIEF).exclude(pk__in=(held.proposed_by_id, by.pk))
    path = reverse("version", args=[held.pk])
    cause = f"version-submitted:{held.pk}:{now.isoformat()}"
    queue(letters("version_submitted", heads, cause=cause, path=path, proposal=held))


@transaction.atomic
def withdraw_version(*, proposal: SchemeProposal, by: User) -> None:
    """Give a proposed version up, submitted or not: it is kept, and never counts. DomainError once it is signed."""
    held = hold_proposal(proposal)
    require(by, is_office)
    held.withdrawn_by, held.withdrawn_at = by, clock.now()
    held.save(update_fields=["withdrawn_by", "withdrawn_at"])
    held.scheme.frozen_at = held.withdrawn_at
    held.scheme.save(update_fields=["frozen_at"])
    log(Verb.VERSION_WITHDRAWN, held.cycle, by=by, why=held.why)
