"""The house's settings, and the peer beside it."""

from config.settings import *  # noqa: F403  # all of them, as they are
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.peer"]
ROOT_URLCONF = "bench.urls"
