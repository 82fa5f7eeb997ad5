"""What may be done only so often from one place, also when several come at once."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from audit import attempts
from audit.attempts import take_turn
from audit.models import Attempt

pytestmark = [pytest.mark.django_db, pytest.mark.both]


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
