"""The peer as an app, so that viewflow finds its flows."""

from django.apps import AppConfig


class PeerConfig(AppConfig):
    """Installed by the bench alone."""

    name = "bench.peer"
    label = "peer"
