"""What a deployment is checked for: a demo's database and a real one are never run as the other."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

from audit.installation import mismatch
from audit.models import DemoMark

WRONG_DATABASE = "audit.E001"


@register(Tags.database)
def the_database_is_of_this_installation_s_kind(*, databases: Sequence[str] | None = None, **_more: Any) -> list[Error]:
    """An error for a demo's database where DEMO is off, and for a real one where it is on.

    Asked by `check --database default` and before each `migrate`; a database without our tables is empty.
    """
    wrong = {
        alias: mismatch(alias)
        for alias in databases or ()
        if DemoMark._meta.db_table in connections[alias].introspection.table_names()
    }
    return [
        Error(mismatched.problem, hint=mismatched.advice, obj=alias, id=WRONG_DATABASE)
        for alias, mismatched in wrong.items()
        if mismatched
    ]
