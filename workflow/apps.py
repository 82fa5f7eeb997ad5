"""The workflow room as Django starts it."""

from importlib import import_module

from django.apps import AppConfig

from outbox.minting import register

# The services whose acts workers look for (workflow/bulk).
ACTS = (
    "workflow.filing.services.acceptance",
    "workflow.review.services.review",
    "workflow.consolidation.services.consolidation",
    "workflow.office.services.opening",
    "workflow.office.services.nudges",
    "workflow.versions.services.recounting",
)


class WorkflowConfig(AppConfig):
    """Registers what a deployment is checked for, what is done to many at once, and how links of ballots are made."""

    name = "workflow"

    def ready(self) -> None:
        """Load what registers itself: it reads models, so not before these are there."""
        for module in ("workflow.checks", *ACTS):
            import_module(module)
        register("ballot", import_module("workflow.rating.services.links").mint_link)
