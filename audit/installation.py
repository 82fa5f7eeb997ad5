"""What this installation is, a demo or real, held against what its database is: the two never meet.

A demo has people whom everybody knows the password of, and a clock that moves; a real installation writes to real
mailboxes. So a demo's database is marked when its people are made, and every way in (page, queue, command) asks once.
"""

from enum import Enum

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS

from audit.models import DemoMark


class Mismatch(Enum):
    """What is wrong, and what to do."""

    DEMO_IS_OFF = (
        "This database is a demo's, and DEMO is off.",
        "For real work name an empty database (DATABASE_URL or KAOHE_DATA_DIR); to go on with the demo set DEMO=1.",
    )
    DEMO_IS_ON = (
        "This database holds accounts that are no demo's, and DEMO is on.",
        "Set DEMO=0, or give the demo an empty database of its own (DATABASE_URL or KAOHE_DATA_DIR).",
    )

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """What to do, in a sentence."""
        return self.value[1]


class WrongDatabase(ImproperlyConfigured):
    """The database is not of the kind that this installation is; nothing may be done with it."""

    def __init__(self, mismatch: Mismatch) -> None:
        super().__init__(f"{mismatch.problem} {mismatch.advice}")


class Known:
    """Whether this process has seen that its database fits: neither can change while it runs."""

    fits = False


def mismatch(using: str = DEFAULT_DB_ALIAS) -> Mismatch | None:
    """What does not fit; an empty database fits both (at most two statements)."""
    if DemoMark.objects.using(using).exists():
        return None if settings.DEMO else Mismatch.DEMO_IS_OFF
    return Mismatch.DEMO_IS_ON if settings.DEMO and _has_accounts(using) else None


def require_match() -> None:
    """Raise WrongDatabase if the database does not fit; asked until it holds accounts, then known."""
    if Known.fits:
        return
    wrong = mismatch()
    if wrong:
        raise WrongDatabase(wrong)
    Known.fits = _has_accounts(DEFAULT_DB_ALIAS)


def claim_database() -> None:
    """Make the database what this installation is, before its first account. Raises WrongDatabase if it is not."""
    require_match()
    if settings.DEMO:
        DemoMark.objects.get_or_create()


def _has_accounts(using: str) -> bool:
    return get_user_model()._default_manager.using(using).exists()
