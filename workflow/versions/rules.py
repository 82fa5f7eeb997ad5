"""Who may sign another version of a scheme: the head of the leading group, and nobody what they proposed."""

from django.utils.translation import gettext_lazy

from accounts.rules import Rule, is_chief, rule
from scoring.models import SchemeProposal

has_not_proposed: Rule[SchemeProposal] = rule(
    lambda actor, proposal: actor.user.pk not in (proposal.proposed_by_id, proposal.submitted_by_id),
    gettext_lazy("You proposed this version yourself: somebody else has to sign it."),
)
signs_version = is_chief & has_not_proposed
