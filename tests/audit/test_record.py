"""What is done is recorded with who, when, from, to and why, with its cause or not at all; it is read newest first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import Role, Unit
from audit.models import Event
from audit.queries import events_of
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import ScoreSheet
from tests.support.world import START, a_cycle, a_person

pytestmark = pytest.mark.django_db


def test_an_event_keeps_what_it_was_told() -> None:
    by = a_person(Role.OFFICE)
    with clock.travel(START):
        recorded = log(
            Verb.EXTENDED,
            "sheet:1",
            by=by,
            cycle="2026",
            came_from="a",
            went_to="b",
            why="搬迁",
            data={"days": 3},
        )
    kept = Event.objects.get(pk=recorded.pk)
    assert (kept.at, kept.actor, kept.verb, kept.subject) == (START, by, "assessment.extended", "sheet:1")
    assert (kept.cycle, kept.came_from, kept.went_to, kept.why) == ("2026", "a", "b", "搬迁")
    assert kept.data == {"days": 3}
    assert "assessment.extended" in str(kept)


def test_a_model_says_under_which_name_and_in_which_cycle_it_is_recorded() -> None:
    a_cycle().with_units(1)
    sheet, unit = ScoreSheet.objects.get(), Unit.objects.get()
    assert (log(Verb.NUDGED, sheet).subject, log(Verb.NUDGED, sheet).cycle) == (f"sheet:{sheet.pk}", "2026")
    assert (log(Verb.UNIT_CHANGED, unit).subject, log(Verb.UNIT_CHANGED, unit).cycle) == (f"unit:{unit.pk}", "")
    assert log(Verb.UNIT_CHANGED, unit, cycle="2025").cycle == "2025"


def test_an_event_of_another_instant_than_now_says_so() -> None:
    earlier = clock.now() - timedelta(hours=1)
    assert log(Verb.EXCLUDED, "sheet:1", at=earlier).at == earlier


def test_the_system_acts_without_a_name() -> None:
    assert log(Verb.EXCLUDED, "sheet:1").actor is None


def test_many_are_written_with_one_statement(django_assert_num_queries: Any) -> None:
    events = [event(Verb.NUDGED, f"sheet:{number}") for number in range(40)]
    with django_assert_num_queries(1):
        log_all(events)
    assert Event.objects.count() == 40


def test_the_record_is_read_newest_first_and_by_subject() -> None:
    for hours in (1, 3, 2):
        with clock.travel(START + timedelta(hours=hours)):
            log(Verb.NUDGED, "sheet:1", why=str(hours))
    log(Verb.NUDGED, "sheet:2")
    assert [recorded.why for recorded in events_of("sheet:1")] == ["3", "2", "1"]


def test_whoever_did_something_cannot_be_deleted() -> None:
    by = a_person(Role.OFFICE)
    by.memberships.all().delete()
    log(Verb.NUDGED, "sheet:1", by=by)
    with pytest.raises(ProtectedError):
        by.delete()


def test_what_did_not_happen_is_not_recorded() -> None:
    with pytest.raises(DomainError), transaction.atomic():
        log(Verb.NUDGED, "sheet:1")
        log_all([event(Verb.NUDGED, "sheet:1"), event(Verb.NUDGED, "sheet:2")])
        raise DomainError("nothing came of it")
    assert not Event.objects.exists()


@pytest.mark.parametrize(("length", "kept"), [(199, 199), (200, 200), (201, 200), (5000, 200)])
def test_states_are_kept_as_long_as_their_column(length: int, kept: int) -> None:
    recorded = log(Verb.EXCLUDED, "sheet:1", came_from="甲" * length, went_to="𠮷" * length)
    recorded.refresh_from_db()
    assert (len(recorded.came_from), len(recorded.went_to)) == (kept, kept)


def test_a_reason_is_kept_whole() -> None:
    why = "理由：\n" + "很长。" * 5000
    assert Event.objects.get(pk=log(Verb.NUDGED, "sheet:1", why=why).pk).why == why


def test_details_changed_afterwards_do_not_change_the_record() -> None:
    details: dict[str, object] = {"what": "before"}
    recorded = log(Verb.NUDGED, "sheet:1", data=details)
    details["what"] = "after"
    assert recorded.data == {"what": "before"}
    recorded.refresh_from_db()
    assert recorded.data == {"what": "before"}


def test_events_of_one_instant_stand_newest_first() -> None:
    with clock.travel(START):
        log_all(event(Verb.NUDGED, "sheet:1", why=str(number)) for number in range(3))
    assert [recorded.why for recorded in events_of("sheet:1")] == ["2", "1", "0"]


def test_a_subject_is_not_taken_for_one_that_begins_alike() -> None:
    log_all(event(Verb.NUDGED, subject) for subject in ("sheet:1", "sheet:12", "unit:1"))
    assert events_of("sheet:1").count() == 1
