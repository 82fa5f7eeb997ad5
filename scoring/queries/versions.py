"""Questions about the versions of a cycle's scheme: which counted, which is proposed."""

from django.db.models import QuerySet

from scoring.models import Cycle, Scheme, SchemeProposal


def versions_of(cycle: Cycle) -> QuerySet[Scheme]:
    """The versions by which was or is counted, the newest first, each with its proposal if it corrected another."""
    people = ("proposal__proposed_by", "proposal__signed_by", "loaded_by")
    versions = cycle.versions.exclude(version=None).select_related(*people).order_by("-version")
    return versions.defer("body", "proposal__effect")  # as large as a year's units are many


def open_proposals() -> QuerySet[SchemeProposal]:
    """Proposed versions that are neither signed nor given up."""
    return SchemeProposal.objects.filter(signed_at=None, withdrawn_at=None)
