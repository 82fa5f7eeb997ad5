"""Every page in both languages, read once; what the walk made is forgotten at once."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from audit import clock
from tests.access.scene import build
from tests.workflow.pages.walked import Page, dead_links, everybody, pages_of, stored_words


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """By language every role's pages; under `dead` the links that lead nowhere, under `stored` the data's words."""
    found: dict[str, Any] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        scene = build()
        with clock.travel(scene.at):
            people = everybody(scene)
            for language in ("zh-hans", "en"):
                found[language] = [page for role, user in people for page in pages_of(scene, role, user, language)]
            found["dead"] = [line for role, user in people for line in dead_links(found["zh-hans"], role, user)]
            found["stored"] = stored_words()
        transaction.set_rollback(True)
    translation.activate("zh-hans")
    return found


@pytest.fixture
def chinese(walk: dict[str, Any]) -> list[Page]:
    """The pages as they are by default."""
    return list(walk["zh-hans"])


@pytest.fixture
def english(walk: dict[str, Any]) -> list[Page]:
    """The pages for somebody who reads English."""
    return list(walk["en"])
