"""The audit room as Django starts it."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers what a deployment is checked for."""

    name = "audit"

    def ready(self) -> None:
        """Load the checks: they read models, so not before these are there."""
        import_module("audit.checks")
