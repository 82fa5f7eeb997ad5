"""`manage.py add_account`: the first accounts of a house, for operators; prints the one-time password.

Operators are the root of trust: nobody confirms what they do, but the person and the supervisors are told by mail.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.grants import Grant, NewPerson
from accounts.models import Role
from accounts.passwords import Credentials
from accounts.queries import place_named
from accounts.services import add_person
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
            made = add_person(person=_person(options), by=None)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if isinstance(made, Credentials):  # nobody confirms what operators do
            self.stdout.write(_("User name: %(username)s") % {"username": made.user.username})
            self.stdout.write(_("One-time password: %(password)s") % {"password": made.password})


def _person(options: dict[str, Any]) -> NewPerson:
    username, role, word = options["username"], Role(options["role"]), options["place"]
    place = place_named(role, word) if word else None
    if word and place is None:
        raise DomainError(_("There is no unit or department “%(word)s”.") % {"word": word})
    grant = Grant(role, place)
    return NewPerson(username=username, name=options["name"] or username, email=options["mail"], grant=grant)
