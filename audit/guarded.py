"""Tasks of the queue: nothing is done with a database of the other kind, whose mails would reach real mailboxes."""

from typing import Any

from celery import Task

from audit.installation import require_match


class GuardedTask(Task):  # type: ignore[type-arg]  # Celery's class takes no arguments when it runs
    """The base of every task of this house."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Ask first, then run. Raises WrongDatabase."""
        require_match()
        return super().__call__(*args, **kwargs)
