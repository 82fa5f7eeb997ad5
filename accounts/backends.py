"""What is asked before name and password are held against the accounts."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class NoDemoPassword(BaseBackend):
    """The demo's password, which everybody knows, opens nothing outside a demo, whoever has it."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **_name: Any) -> None:
        """Nobody is found here; PermissionDenied keeps the backends behind from looking."""
        if password == settings.DEMO_PASSWORD and not settings.DEMO:
            raise PermissionDenied
