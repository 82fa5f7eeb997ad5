"""`manage.py first_account`: tells how the first account is made, as long as there is none."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import HOW_TO_BEGIN, nobody_can_sign_in
from audit.commands import HouseCommand


class Command(HouseCommand):
    """Tells it; says nothing once somebody can sign in."""

    help = "Tells how the first account of the office is made, as long as there is none."

    def act(self, options: dict[str, Any]) -> None:
        """One line, or none."""
        if nobody_can_sign_in():
            self.stdout.write(
                _("There is no account yet. The first one of the office is made by: %(command)s")
                % {"command": HOW_TO_BEGIN}
            )
