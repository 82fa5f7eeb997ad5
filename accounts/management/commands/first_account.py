"""`manage.py first_account`: tells how the first account is made, as long as there is none."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.queries import HOW_TO_BEGIN, nobody_can_sign_in


class Command(BaseCommand):
    """Tells it; says nothing once somebody can sign in."""

    help = "Tells how the first account of the office is made, as long as there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line, or none."""
        if nobody_can_sign_in():
            self.stdout.write(
                _("There is no account yet. The first one of the office is made by: %(command)s")
                % {"command": HOW_TO_BEGIN}
            )
