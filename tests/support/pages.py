"""Browsing as somebody, at the instant of a world."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.support.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Visitor:
    """A signed-in person with a client of their own; every request happens at the world's instant."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.client = world, Client()
        self.client.force_login(user, backend=BACKEND)

    def get(self, path: str, **more: Any) -> Any:
        """Read a page."""
        with self.world.clock():
            return self.client.get(path, **more)

    def questions(self, path: str, **more: Any) -> list[str]:
        """What a page asks the database; where the demo's clock stands is no question of a page."""
        with CaptureQueriesContext(connection) as queries:
            assert self.get(path, **more).status_code == 200
        return [query["sql"] for query in queries if "audit_clockshift" not in query["sql"]]

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form."""
        with self.world.clock():
            return self.client.post(path, data or {}, **more)

    def autosave(self, path: str, **fields: str) -> Any:
        """Save as the page does by itself: only the fields named, `claimed_1_1` meaning `claimed-1.1`."""
        named = {name.replace("_", "-", 1).replace("_", "."): value for name, value in fields.items()}
        version = named.pop("version", "")
        data = {**named, "changed": list(named), "version": version}
        return self.post(path, data, headers={"X-Requested-With": "autosave"})
