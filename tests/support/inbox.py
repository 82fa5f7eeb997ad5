"""What the first page of a person shows."""

from typing import Any

from workflow.inbox.queries.owed import Owed


def owed_on(page: Any) -> list[Owed]:
    """What stands on the page to be done, in its order."""
    return [owed for group in page.context["groups"] for owed in group.rows]
