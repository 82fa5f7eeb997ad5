"""What is said to others is in the house's language, whatever language the page that caused it was in."""

from datetime import timedelta

import pytest
from django.utils import translation

from outbox.models import Message
from tests.support.world import a_cycle
from workflow.filing.services.acceptance import return_for_supplement
from workflow.office.services.extensions import extend_deadline

pytestmark = pytest.mark.django_db


def test_mails_caused_on_an_english_page_are_chinese() -> None:
    with translation.override("en"):
        world = a_cycle().with_units(1).opened()
        with world.clock():
            task = world.task(world.assessments[0], "self_evaluation")
            extend_deadline(task=task, by=world.office, until=task.due_at + timedelta(days=1), why="x")
        world.submitted()
        with world.clock():
            task = world.task(world.assessments[0], "acceptance")
            until = world.at + timedelta(days=3)
            return_for_supplement(task=task, by=world.reviewers["district"], why="x", until=until)
    told = {message.cause.split(":")[0]: message.said_body for message in Message.objects.all()}
    assert {"task", "extended", "tasks"} <= set(told)
    assert "Reason" not in "".join(told.values())
    assert "Beijing time" not in "".join(told.values())


def test_publicity_and_the_notice_are_told_in_chinese() -> None:
    with translation.override("en"):
        a_cycle().with_units(1, "society").circulated()
    kinds = ("publicity:", "notice:", "board:")
    bodies = [message.said_body for message in Message.objects.all() if message.cause.startswith(kinds)]
    assert len(bodies) >= 3
    assert not any(word in body for body in bodies for word in ("public until", "has been issued", "submitted"))
