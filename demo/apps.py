"""The demo as Django starts it; an installation that is none does not install it."""

from importlib import import_module

from celery.signals import task_prerun
from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Lets what the queue does follow the demo's clock, as the middleware does for requests."""

    name = "demo"

    def ready(self) -> None:
        """Connect the clock: it reads a model, so not before these are there."""
        task_prerun.connect(import_module("demo.services.clock").load_clock, dispatch_uid="demo.clock")
