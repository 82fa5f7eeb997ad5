"""What was handed in stays as it was; a roster is kept no longer than it is needed and is never seen in the clear."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Event
from common import clock
from common.tables.heads import TableRow
from documents.contents import Contents
from documents.models import MaterialKind, RosterEntry, Submission
from documents.services.materials import add_material, remove_material
from documents.services.roster import masked, people_of, replace_roster
from documents.services.submissions import restore_submission, seal_submission, sealed_body
from outbox.models import Message
from scoring.engine.draw import commitment
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)
PHONES = ["13900000001", "13900000002", "13900000003"]


@pytest.fixture
def world(db: None) -> World:
    return a_cycle().with_units(2).filled()


def a_roster(*names: str) -> list[TableRow]:
    return [
        TableRow(number=number, cells=("科技志愿者", name, f"1390000{number:04d}"))
        for number, name in enumerate(names, 1)
    ]


def put(sheet: ScoreSheet, by: User, *names: str) -> None:
    replace_roster(sheet=sheet, rows=a_roster(*names), by=by)


def add(sheet: ScoreSheet, by: User, name: str, kind: str = "evidence", code: str = "1.1") -> Any:
    file: Any = ContentFile(b"%PDF-1.4 " + name.encode(), name=name)
    return add_material(sheet=sheet, kind=MaterialKind(kind), file=file, by=by, code=code)


def afresh(sheet: ScoreSheet) -> ScoreSheet:
    return ScoreSheet.objects.get(pk=sheet.pk)


def spoil(sheet: ScoreSheet, by: User) -> None:
    """Change everything that a unit can change after it has handed in."""
    sheet.lines.update(claimed=Decimal("1.5"), text="后来改的")
    sheet.lines.filter(code="1.2").update(claimed=None)
    for material in sheet.materials.filter(removed_at=None):
        remove_material(material=material, by=by)
    add(sheet, by, "后来的总结.pdf", "summary")
    add(sheet, by, "后来的证明.pdf")
    put(sheet, by, "新人甲", "新人乙", "新人丙", "新人丁")


def test_what_was_handed_in_is_put_back_whole(world: World, sheet: ScoreSheet, filer: User) -> None:
    add(sheet, filer, "证明.pdf")
    sealed = seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    spoil(sheet, filer)
    assert sealed_body(Contents(afresh(sheet))) != sealed.body
    restore_submission(Submission.objects.get(pk=sealed.pk))
    assert sealed_body(Contents(afresh(sheet))) == sealed.body


def test_to_put_back_twice_is_to_put_back_once(world: World, sheet: ScoreSheet, filer: User) -> None:
    sealed = seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    spoil(sheet, filer)
    for _time in range(2):
        restore_submission(Submission.objects.get(pk=sealed.pk))
    assert sealed_body(Contents(afresh(sheet))) == sealed.body
    assert not RosterEntry.every.filter(sheet=sheet).exclude(replaced_at=None).exists()


def test_only_the_sheet_that_was_handed_in_is_put_back(world: World, sheet: ScoreSheet, filer: User) -> None:
    other = world.assessments[1].sheet
    before = sealed_body(Contents(afresh(other)))
    sealed = seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    spoil(sheet, filer)
    restore_submission(sealed)
    assert sealed_body(Contents(afresh(other))) == before


def test_a_later_submission_leaves_the_earlier_one_as_it_was(world: World, sheet: ScoreSheet, filer: User) -> None:
    first = seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    before = Submission.objects.values().get(pk=first.pk)
    spoil(sheet, filer)
    seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at + timedelta(days=1))
    assert Submission.objects.values().get(pk=first.pk) == before


@pytest.mark.parametrize(
    ("arrived_at", "day"),
    [
        (NEW_YEAR - MOMENT, "20261231"),
        (NEW_YEAR, "20270101"),
        (datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), "20261231"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "20270101"),
        (datetime(2028, 2, 29, 15, 59, tzinfo=UTC), "20280229"),
    ],
)
def test_a_receipt_bears_the_day_of_beijing(sheet: ScoreSheet, filer: User, arrived_at: datetime, day: str) -> None:
    sealed = seal_submission(contents=Contents(sheet), by=filer, arrived_at=arrived_at)
    sealed.refresh_from_db()
    assert sealed.receipt.startswith(f"{day}-") and sealed.arrived_at == arrived_at
    assert len(sealed.receipt) <= 40


@pytest.mark.parametrize("claimed", ["0.00", "0.10", "9.50", "10.00", "40.00"])
def test_points_are_sealed_as_exact_texts(world: World, sheet: ScoreSheet, filer: User, claimed: str) -> None:
    sheet.lines.filter(code="1.1").update(claimed=Decimal(claimed))
    sealed = seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    line = next(row for row in sealed.body["lines"] if row["code"] == "1.1")
    assert line["claimed"] == claimed
    sheet.lines.update(claimed=None)
    restore_submission(sealed)
    assert sheet.lines.get(code="1.1").claimed == Decimal(claimed)


def test_a_replaced_roster_lasts_until_the_next_submission_and_no_longer(
    world: World, sheet: ScoreSheet, filer: User
) -> None:
    put(sheet, filer, "甲一", "甲二", "甲三")
    seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    put(sheet, filer, "乙一", "乙二", "乙三")
    put(sheet, filer, "丙一", "丙二", "丙三")
    kept = {person.name for person in RosterEntry.every.filter(sheet=sheet)}
    assert {"甲一", "丙一"} <= kept
    seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    assert [person.name for person in RosterEntry.every.filter(sheet=sheet)] == ["丙一", "丙二", "丙三"]


def test_the_rosters_of_others_are_not_deleted_with_it(world: World, sheet: ScoreSheet, filer: User) -> None:
    other = world.assessments[1].sheet
    put(other, world.filers[other.pk], "丁一", "丁二", "丁三")
    before = RosterEntry.every.filter(sheet=other).count()
    put(sheet, filer, "甲一", "甲二", "甲三")
    seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    assert RosterEntry.every.filter(sheet=other).count() == before


def test_nobody_of_a_roster_is_named_anywhere_else(world: World, sheet: ScoreSheet, filer: User) -> None:
    names = ["慕容样例", "上官样例", "司徒样例"]
    put(sheet, filer, *names)
    seal_submission(contents=Contents(afresh(sheet)), by=filer, arrived_at=world.at)
    elsewhere = str([list(model.objects.values()) for model in (Submission, Event, Message)])
    assert not any(word in elsewhere for word in (*names, *PHONES))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM documents_rosterentry")
        at_rest = str(cursor.fetchall())
    assert not any(word in at_rest for word in (*names, *PHONES))
    salts = [person.salt for person in sheet.roster.all()]
    assert len(set(salts)) == 3 and not any(salt in at_rest for salt in salts)


def test_what_is_shown_of_a_roster_names_nobody(sheet: ScoreSheet, filer: User) -> None:
    put(sheet, filer, "慕容样例", "上官样例", "司徒样例")
    shown = masked(list(sheet.roster.all()))
    assert [(person.name, person.phone) for person in shown] == [
        ("慕***", "139****0001"),
        ("上***", "139****0002"),
        ("司***", "139****0003"),
    ]


def test_the_public_roster_binds_each_person_and_tells_nothing_of_equal_ones(sheet: ScoreSheet, filer: User) -> None:
    put(sheet, filer, "甲一", "甲二", "甲三")
    first = dict(Contents(sheet).roster)
    for person in sheet.roster.all():
        assert first[person.opaque_id] == commitment(person.name, person.phone, bytes.fromhex(person.salt))
    put(sheet, filer, "甲一", "甲二", "甲三")
    second = dict(Contents(sheet).roster)
    assert not set(first) & set(second) and not set(first.values()) & set(second.values())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("张三", "139 0000 0001"), ("张 三", "+86-13900000001"), True),
        (("Ann Lee", "13900000001"), ("Ann  Lee", "13900000001"), True),
        (("Ａｎｎ", "13900000001"), ("Ann", "１３９00000001"), True),
        (("张三", "13900000001"), ("张三", "13900000002"), False),
        (("张三", "13900000001"), ("张三丰", "13900000001"), False),
        (("阿依古丽·买买提", "13900000001"), ("阿依古丽买买提", "13900000001"), True),
    ],
)
def test_a_person_is_the_same_by_name_and_phone_however_written(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    first, second = (
        people_of([TableRow(number=1, cells=("志愿者", *cells))], ["志愿者"])[0].fingerprint for cells in (one, other)
    )
    assert (first == second) is same


def test_a_large_roster_takes_no_more_statements_than_a_small_one(sheet: ScoreSheet, filer: User) -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            put(sheet, filer, *[f"样例{number}" for number in range(count)])
        return len(asked)

    small = statements(3)
    assert statements(100) <= small + 1
