"""A proposed version, held for whoever is about to decide on it."""

from django.utils.translation import gettext as _

from common.errors import DomainError
from scoring.models import Cycle, SchemeProposal
from scoring.queries.versions import open_proposals


def hold_proposal(proposal: SchemeProposal) -> SchemeProposal:
    """The cycle, then the proposal, under their locks, in the caller's transaction.

    Raises DomainError once it is signed or given up, and once its cycle is closed.
    """
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=proposal.cycle_id)
    locked = open_proposals().select_for_update(no_key=True, of=("self",)).select_related("scheme", "instead_of")
    held = locked.filter(pk=proposal.pk).first()
    if held is None:
        raise DomainError(_("This version is signed or given up."))
    if not cycle.is_open:
        raise DomainError(_("The cycle is closed: nothing of it changes any more."))
    held.cycle = held.scheme.cycle = cycle
    return held
