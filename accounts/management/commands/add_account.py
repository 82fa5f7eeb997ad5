"""`manage.py add_account`: the first accounts of a house, for operators; prints the one-time password.

Operators are the root of trust: nobody confirms what they do, but the person and the supervisors are told by mail.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, Role, Unit
from accounts.passwords import Credentials
from accounts.queries import place_named
from accounts.services import add_account, add_membership
from audit.commands import HouseCommand
from audit.installation import claim_database
from common.errors import DomainError


class Command(HouseCommand):
    """Adds an account; without further words it belongs to the office."""

    help = "Adds an account and prints its one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        """User name; name, mail, role and place as options."""
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--mail", default="")
        parser.add_argument("--role", choices=Role.values, default=Role.OFFICE.value)
        parser.add_argument("--place", default="", help="code or name of the unit or department")

    def act(self, options: dict[str, Any]) -> None:
        """Add the account, or say what is wrong with exit code 1."""
        try:
            claim_database()
            words = {key: options[key] for key in ("username", "name", "mail", "place")}
            made = self._add(Role(options["role"]), **words)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(_("User name: %(username)s") % {"username": made.user.username})
        self.stdout.write(_("One-time password: %(password)s") % {"password": made.password})

    @transaction.atomic
    def _add(self, role: Role, *, username: str, name: str, mail: str, place: str) -> Credentials:
        found = place_named(role, place) if place else None
        if place and found is None:
            raise DomainError(_("There is no unit or department “%(word)s”.") % {"word": place})
        made = add_account(username=username, name=name or username, email=mail, by=None)
        add_membership(
            user=made.user,
            role=role,
            unit=found if isinstance(found, Unit) else None,
            department=found if isinstance(found, Department) else None,
            by=None,
        )
        return made
