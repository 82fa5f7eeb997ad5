"""What may be done only so often from one place, also when several come at once."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest

from audit import attempts
from audit.attempts import Tried, note_try, take_turn, tried
from audit.models import Attempt
from common import clock

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOW = datetime(2026, 12, 31, 9, tzinfo=clock.BEIJING)


def turn() -> bool:
    return take_turn(kind="objection", place="192.0.2.1", most=2, within=timedelta(hours=1))


def test_of_those_that_come_at_once_no_more_pass_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    assert turn()
    create, others = Attempt.objects.create, list[bool]()

    def come_second(**fields: Any) -> Attempt:
        """Let another's request, which began no later, be done with before this one is noted."""
        monkeypatch.undo()
        with monkeypatch.context() as nested:
            nested.setattr(attempts.transaction, "atomic", lambda **_options: nullcontext())
            others.append(turn())
        return create(**fields)

    monkeypatch.setattr(Attempt.objects, "create", come_second)
    assert [turn(), *others] == [False, True]
    assert Attempt.objects.count() == 2, "who was refused does not count"


def test_what_was_tried_in_vain_is_counted_by_place_and_forgotten_in_time() -> None:
    hour = timedelta(hours=1)
    with clock.travel(NOW):
        assert tried(kind="code", place="a", within=hour) == Tried(here=0, everywhere=0, last_here=None)
        for place in "aab":
            note_try(kind="code", place=place, within=hour)
        note_try(kind="other", place="a", within=hour)
        assert tried(kind="code", place="a", within=hour) == Tried(here=2, everywhere=3, last_here=NOW)
        assert tried(kind="code", place="c", within=hour) == Tried(here=0, everywhere=3, last_here=None)
    with clock.travel(NOW + hour):
        assert tried(kind="code", place="a", within=hour).everywhere == 0
        note_try(kind="code", place="a", within=hour)
    assert Attempt.objects.filter(kind="code").count() == 1
