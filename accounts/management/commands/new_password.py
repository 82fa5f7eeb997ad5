"""`manage.py new_password`: a one-time password for whoever nobody in the house can help, such as the only supervisor.

Nobody confirms it, but the person and the supervisors are told by mail.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.identity import normal
from accounts.models import User
from accounts.services import hand_over_password
from audit.commands import HouseCommand


class Command(HouseCommand):
    """Sets a new one-time password and prints it."""

    help = "Sets a new one-time password for an account and prints it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The user name."""
        parser.add_argument("username")

    def act(self, options: dict[str, Any]) -> None:
        """Set it, or say that there is no such account with exit code 1."""
        user = User.objects.filter(username__iexact=normal(options["username"])).first()
        if user is None:
            raise CommandError(_("There is no account “%(word)s”.") % {"word": options["username"]})
        made = hand_over_password(user=user)
        self.stdout.write(_("One-time password: %(password)s") % {"password": made.password})
