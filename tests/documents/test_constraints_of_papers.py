"""Submissions, rosters and notices as the database itself keeps them apart, written in bulk too."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from documents.contents import Contents
from documents.models import Material, NoticeReceipt, ResultNotice, RosterEntry, RosterWaiver, Submission
from documents.services.submissions import seal_submission
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
Deed = Callable[[World], object]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).submitted()


def sheet(world: World, number: int = 0) -> ScoreSheet:
    return world.assessments[number].sheet


def a_person(world: World, **fields: object) -> RosterEntry:
    values: dict[str, object] = {
        "category": "科技志愿者",
        "name": "甲",
        "phone": "13900000009",
        "position": 99,
        "commitment": "c" * 64,
    }
    return RosterEntry(sheet=sheet(world), fingerprint="f" * 64, **(values | fields))


def a_notice(world: World, number: str) -> ResultNotice:
    return ResultNotice(
        cycle=world.cycle,
        number=number,
        title="通报",
        issued_on=date(2027, 2, 1),
        body={},
        sha256="0" * 64,
        file="a.docx",
        issued_by=world.office,
    )


def a_submission(world: World, **fields: object) -> Submission:
    values = {"number": 2, "receipt": "r", "body": {}, "sha256": "0" * 64, "arrived_at": world.at}
    return Submission(sheet=sheet(world), submitted_by=world.office, **(values | fields))


def handed_in_twice_under_one_number(world: World) -> None:
    Submission.objects.bulk_create([a_submission(world)])
    Submission.objects.filter(sheet=sheet(world)).update(number=1)


def told_twice_of_one_notice(world: World) -> None:
    notice = a_notice(world, "测科协发〔2027〕1号")
    notice.save()
    NoticeReceipt.objects.bulk_create([NoticeReceipt(notice=notice, sheet=sheet(world)) for _time in range(2)])


def notices_of_one_number(world: World) -> None:
    ResultNotice.objects.bulk_create([a_notice(world, "1号"), a_notice(world, "2号")])
    ResultNotice.objects.update(number="3号")


def a_replaced_person_put_back_beside_themselves(world: World) -> None:
    RosterEntry.every.bulk_create([a_person(world), a_person(world, replaced_at=world.at)])
    RosterEntry.every.filter(fingerprint="f" * 64).update(replaced_at=None)


def one_public_name_for_people_of_two_units(world: World) -> None:
    name = sheet(world, 1).roster.all()[0].opaque_id
    RosterEntry.objects.bulk_create([a_person(world, opaque_id=name)])


def waived_twice(world: World) -> None:
    RosterWaiver.objects.bulk_create(
        RosterWaiver(sheet=sheet(world), reason="人数不足", waived_by=world.office) for _time in range(2)
    )


REFUSED: dict[str, Deed] = {
    "one receipt for two submissions": lambda w: Submission.objects.update(receipt="r"),
    "a number twice for a unit": handed_in_twice_under_one_number,
    "a unit told twice of one notice": told_twice_of_one_notice,
    "two notices of one number": notices_of_one_number,
    "a person twice in a roster": lambda w: RosterEntry.objects.bulk_create([a_person(w), a_person(w)]),
    "a replaced person beside themselves": a_replaced_person_put_back_beside_themselves,
    "one public name for two people": one_public_name_for_people_of_two_units,
    "a roster waived twice": waived_twice,
}


@pytest.mark.parametrize("deed", REFUSED.values(), ids=REFUSED.keys())
def test_papers_are_kept_apart_by_the_database(world: World, deed: Deed) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        deed(world)


def test_a_person_may_stand_in_the_rosters_of_two_units(world: World) -> None:
    RosterEntry.objects.bulk_create([a_person(world)])
    other = a_person(world)
    other.sheet = sheet(world, 1)
    RosterEntry.objects.bulk_create([other])
    assert RosterEntry.objects.filter(fingerprint="f" * 64).count() == 2


def test_a_person_stands_in_many_rosters_that_were_replaced(world: World) -> None:
    RosterEntry.every.bulk_create(a_person(world, replaced_at=world.at) for _time in range(3))
    RosterEntry.every.bulk_create([a_person(world)])
    assert sheet(world).roster.filter(fingerprint="f" * 64).count() == 1


def test_two_units_hand_in_under_the_same_number(world: World) -> None:
    assert list(Submission.objects.values_list("number", flat=True)) == [1, 1]


def test_a_sheet_that_was_handed_in_is_not_deleted_and_neither_is_who_did_it(world: World) -> None:
    for row in (sheet(world), world.filers[sheet(world).pk]):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Material.objects.count() == 2 and Submission.objects.count() == 2


def test_a_number_is_free_again_only_after_the_last(world: World) -> None:
    by = world.filers[sheet(world).pk]
    numbers = [
        seal_submission(contents=Contents(sheet(world)), by=by, arrived_at=world.at).number for _time in range(3)
    ]
    assert numbers == [2, 3, 4]
    assert Submission.objects.filter(sheet=sheet(world)).values("receipt").distinct().count() == 4
