"""Every page in both languages, read once; what the walk made is forgotten at once."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from common import clock
from tests.access.scene import build
from tests.workflow.pages.walked import Page, dead_links, everybody, pages_of, stored_words
from tests.workflow.queries.conftest import found  # noqa: F401  the same spread for the pages about it


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """By language every role's pages; under `dead` the links that lead nowhere, under `stored` the data's words."""
    seen: dict[str, Any] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        scene = build()
        with clock.travel(scene.at):
            people = everybody(scene)
            for language in ("zh-hans", "en"):
                seen[language] = [page for role, user in people for page in pages_of(scene, role, user, language)]
            seen["dead"] = [line for role, user in people for line in dead_links(seen["zh-hans"], role, user)]
            seen["stored"] = stored_words()
        transaction.set_rollback(True)
    translation.activate("zh-hans")
    return seen


@pytest.fixture
def chinese(walk: dict[str, Any]) -> list[Page]:
    """The pages as they are by default."""
    return list(walk["zh-hans"])


@pytest.fixture
def english(walk: dict[str, Any]) -> list[Page]:
    """The pages for somebody who reads English."""
    return list(walk["en"])
