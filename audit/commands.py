"""What every command of an operator asks first: whether the database is of the kind that this installation is."""

from abc import ABC, abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.installation import WrongDatabase, require_match


def require_this_database() -> None:
    """Raise CommandError, with what to do, if the database is a demo's in a real installation, or the other way."""
    try:
        require_match()
    except WrongDatabase as error:
        raise CommandError(str(error)) from error


class HouseCommand(BaseCommand, ABC):
    """A command that reads or writes the database of this installation."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the work, unless the database is of the other kind: exit code 1 then."""
        require_this_database()
        self.act(options)

    @abstractmethod
    def act(self, options: dict[str, Any]) -> None:
        """Do the command's work; CommandError for what an operator has to do otherwise."""
