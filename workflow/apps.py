"""The workflow room as Django starts it."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Registers what a deployment is checked for."""

    name = "workflow"

    def ready(self) -> None:
        """Load the checks: they read models, so not before these are there."""
        import_module("workflow.checks")
