"""What is written by hand stands in the tables as the ORM would have written it, and is read back the same."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Unit
from audit.models import Event
from common import clock
from common.rows import Batch, Columns, Prepared, Statement, ask, fetch, instances, keys_at_hand, new, next_keys
from outbox.models import Message
from scoring.models import LineKind, Rating, ScoreSheet, SheetLine
from tests.support.world import a_cycle

pytestmark = pytest.mark.django_db
FUZZ = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)
MARKS = st.none() | st.decimals(0, 9999, places=2)
EVENTS = st.builds(
    Event,
    at=INSTANTS,
    verb=st.just("submitted"),
    subject=st.just("sheet:1"),
    cycle=WORDS,
    came_from=WORDS,
    why=WORDS,
    data=st.dictionaries(WORDS, JSON, max_size=3),
)
MESSAGES = st.builds(
    Message,
    cause=st.uuids().map(str),
    subject=WORDS,
    body=WORDS,
    address=WORDS,
    minting=WORDS,
    created_at=INSTANTS,
    due_at=st.none() | INSTANTS,
    reason_code=st.none() | st.integers(0, 999),
)


def written(rows: Sequence[models.Model], write: Callable[[], object]) -> list[Any]:
    """What stands in the table afterwards, as the database itself gives it (but for what is encrypted) and as read."""
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    bare = [f'"{field.column}"' for field in fields if field.name not in ("address", "body")]
    with transaction.atomic():
        write()
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {", ".join(bare)} FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608  names of ours
            stored = cursor.fetchall()
        read = list(model._default_manager.order_by("pk").values_list(*[field.attname for field in fields]))
        transaction.set_rollback(True)
    return [stored, read]


def batched(give: Callable[[Batch], None]) -> None:
    batch = Batch()
    give(batch)
    batch.send()


@FUZZ
@given(
    st.lists(EVENTS, min_size=1, max_size=4)
    | st.lists(MESSAGES, min_size=1, max_size=4, unique_by=lambda one: one.cause)
)
def test_rows_are_inserted_as_the_orm_inserts_them(rows: list[models.Model]) -> None:
    ours = written(rows, lambda: batched(lambda batch: batch.insert(rows)))
    assert ours == written(rows, lambda: type(rows[0])._default_manager.bulk_create(rows))


def test_rows_are_updated_as_the_orm_updates_them() -> None:
    sheets = list(a_cycle().with_units(3).cycle.sheets.all())
    names = ["total", "components", "not_assessed", "computed_at", "unit_name"]

    @FUZZ
    @given(
        st.lists(
            st.tuples(MARKS, st.dictionaries(WORDS, JSON), st.booleans(), st.none() | INSTANTS, WORDS),
            min_size=3,
            max_size=3,
        )
    )
    def update(values: list[tuple[Any, ...]]) -> None:
        for sheet, changed in zip(sheets, values, strict=True):
            for name, value in zip(names, changed, strict=True):
                setattr(sheet, name, value)
        ours = written(sheets, lambda: batched(lambda batch: batch.update(ScoreSheet, sheets, names)))
        assert ours == written(sheets, lambda: [sheet.save(update_fields=names) for sheet in sheets])

    update()


def test_a_batch_of_nothing_does_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        batched(lambda batch: (batch.insert([]), batch.update(Unit, [], ["name"])))


def test_what_conflicts_is_left_out_only_where_that_is_asked_for() -> None:
    Unit.objects.create(code="u1", name="已有")
    both = [Unit(code="u1", name="新"), Unit(code="u2", name="新")]
    batched(lambda batch: batch.insert(both, ignore_conflicts=True))
    assert list(Unit.objects.order_by("code").values_list("code", "name")) == [("u1", "已有"), ("u2", "新")]
    with pytest.raises(IntegrityError), transaction.atomic():
        batched(lambda batch: batch.insert(both))


def test_rows_for_each_of_several_keys_stand_as_if_the_orm_had_made_them_one_by_one() -> None:
    sheets = list(a_cycle().with_units(3).cycle.sheets.order_by("-pk"))

    def lines(**of: Any) -> list[SheetLine]:
        return [SheetLine(code=f"1.{n}", kind=LineKind.PART, position=n, text="话", **of) for n in (1, 2)]

    keys = [sheet.pk for sheet in sheets]
    ours = written(lines(), lambda: batched(lambda batch: batch.insert_for_each(keys, "sheet", lines())))
    every = [line for sheet in sheets for line in lines(sheet=sheet)]
    assert ours == written(lines(), lambda: SheetLine.objects.bulk_create(every))
    batched(lambda batch: batch.insert_for_each([], "sheet", lines()))
    assert not SheetLine.objects.exists()


@FUZZ
@given(WORDS, MARKS, st.none() | INSTANTS)
def test_a_new_row_is_what_the_model_makes_of_the_same_values(text: str, points: Any, at: Any) -> None:
    sheet = ScoreSheet(pk=7)
    given = {"sheet": sheet, "code": "1.1", "text": text, "claimed": points, "claimed_at": at, "claimed_by": None}
    ours, theirs = new(SheetLine, **given), SheetLine(**given)
    assert vars(ours) | {"_state": 0} == vars(theirs) | {"_state": 0}
    assert ours.sheet is sheet and ours._state.adding and ours._state.db is None


def test_what_is_made_for_each_row_is_never_shared() -> None:
    first, second = new(Event), new(Event)
    first.data["a"] = 1
    assert second.data == {} and first.at is not second.at


def test_a_column_that_is_none_is_refused_as_the_model_does() -> None:
    with pytest.raises(TypeError, match="nothing"):
        new(Unit, nothing=1)


def test_several_questions_are_answered_as_the_orm_answers_each(django_assert_num_queries: Any) -> None:
    cycle = a_cycle().with_units(3).cycle
    batched(
        lambda batch: batch.insert_for_each(
            list(cycle.sheets.values_list("pk", flat=True)), "sheet", [SheetLine(code="1", position=1, claimed="1.50")]
        )
    )
    lines = SheetLine.objects.filter(sheet__cycle=cycle).order_by("-pk")
    questions = (lines, Rating.objects.filter(pk__in=[]), lines.values_list("claimed", "code"))
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        read, nothing, values = ask(*questions)
    assert [vars(row) | {"_state": 0} for row in read] == [vars(line) | {"_state": 0} for line in lines]
    assert {row._state.adding for row in read} == {False}
    assert (nothing, values) == ([], list(questions[2]))
    assert instances(lines) == list(lines) and ask() == []


def test_a_query_that_is_prepared_answers_each_time_as_the_orm_does() -> None:
    cycle = a_cycle().with_units(3).cycle
    instant = clock.now()

    def written(keys: tuple[int, ...], until: datetime, name: str) -> models.QuerySet[ScoreSheet]:
        asked = ScoreSheet.objects.filter(models.Q(computed_at=None) | models.Q(computed_at__gt=until), pk__in=keys)
        return asked.exclude(unit_name=name).exclude(cycle__title="sample 3").select_related("unit", "track")

    prepared, sheets = Prepared(written), list(cycle.sheets.all())
    ScoreSheet.objects.filter(pk=sheets[0].pk).update(computed_at=instant)
    keys = tuple(sheet.pk for sheet in sheets)
    many = keys + tuple(range(10**6, 10**6 + Prepared.MOST))
    for asked in (keys, keys[:2], keys[1:], (0, keys[2], 0), (keys[0],), many):
        for until, name in ((instant, ""), (instant - timedelta(days=1), sheets[1].unit_name)):
            (rows,) = ask(prepared(asked, until, name))
            expected = list(written(asked, until, name))
            assert [row.pk for row in rows] == [sheet.pk for sheet in expected]
            assert [vars(row) | {"_state": 0} for row in rows] == [vars(sheet) | {"_state": 0} for sheet in expected]
            assert [vars(row.unit) | {"_state": 0} for row in rows] == [
                vars(sheet.unit) | {"_state": 0} for sheet in expected
            ]
    assert len(prepared._written) == 3, "written once for each number of keys, none for so many"


def test_a_relation_that_leads_nowhere_is_none() -> None:
    office = a_cycle().office
    (rows,) = ask(Membership.objects.filter(user=office).select_related("unit", "department"))
    assert [(row.unit, row.department) for row in rows] == [(None, None)]


def test_a_query_that_leaves_out_a_value_is_no_prepared_one() -> None:
    def careless(key: int, _name: str) -> models.QuerySet[Unit]:
        return Unit.objects.filter(pk=key)

    with pytest.raises(ValueError, match="careless"):
        Prepared(careless)(1, "a")


def test_a_text_that_sqlite_would_cut_off_is_refused_on_both_databases() -> None:
    with pytest.raises(DataError), transaction.atomic():
        batched(lambda batch: batch.insert([Unit(code="u1", name="单\0位")]))
    assert not Unit.objects.exists()


def test_keys_are_known_before_the_rows_are_written_and_are_nobody_elses() -> None:
    for number in range(2):
        units = [Unit(code=f"a{number}{place}", name="单位") for place in range(3)]
        for unit, key in zip(units, next_keys(Unit, 3), strict=True):
            unit.pk = key
        batched(lambda batch, units=units: batch.insert(units))
        Unit.objects.create(code=f"b{number}", name="单位")
    assert Unit.objects.count() == 8


def test_keys_that_come_with_what_is_read_are_nobody_elses_and_none_are_needed_without_trips() -> None:
    a_cycle().with_units(2)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {keys_at_hand(Unit, 3)} FROM accounts_unit")  # noqa: S608  names of ours
        keys = [key for (several,) in cursor.fetchall() for key in several]
    assert len(keys) == len(set(keys)) == (6 if connection.vendor == "postgresql" else 0)
    assert not Unit.objects.filter(pk__in=[*keys, *next_keys(Unit, 1)]).exists()


def test_a_joined_row_gives_the_instances_that_the_orm_gives_each_once() -> None:
    a_cycle().with_units(2)
    sheet, unit = Columns(ScoreSheet, "s", 0), Columns(Unit, "u", Columns(ScoreSheet, "s", 0).width, without=["name"])
    with connection.cursor() as cursor:
        joined = "scoring_scoresheet s JOIN accounts_unit u ON u.id = s.unit_id"
        cursor.execute(f"SELECT {sheet.sql}, {unit.sql} FROM {joined} ORDER BY s.id")  # noqa: S608  names of ours
        rows = cursor.fetchall()
    sheets: dict[int, ScoreSheet] = {}
    units: dict[int, Unit] = {}
    for row in rows + rows:
        sheet.read(sheets, row)
        unit.read(units, row)
    for ours, theirs in zip(sheets.values(), ScoreSheet.objects.order_by("pk"), strict=True):
        assert {name: getattr(ours, name) for name in vars(theirs) if name != "_state"} == {
            name: value for name, value in vars(theirs).items() if name != "_state"
        }
    assert {unit.name for unit in units.values()} == set(Unit.objects.values_list("name", flat=True)), "read when asked"


def kept() -> int:
    """How many statements PostgreSQL keeps for this connection."""
    ((count,),), *_none = fetch(Statement("SELECT count(*) FROM pg_prepared_statements", again=False))
    return int(count)


@pytest.mark.postgres
def test_a_statement_that_comes_again_is_planned_once_and_answers_for_other_values() -> None:
    before = kept()
    asked = [fetch(Statement("SELECT %s::int + 1, 'ten %%'", [value]))[0] for value in range(8)]
    assert asked == [[(value + 1, "ten %")] for value in range(8)]
    assert kept() == before + 1


@pytest.mark.postgres
def test_behind_a_pool_a_connection_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = kept()
    assert fetch(Statement("SELECT %s::int + 2", [1])) == [[(3,)]]
    assert kept() == before


@pytest.mark.postgres
def test_what_was_to_be_kept_in_a_trip_that_failed_is_kept_by_the_next() -> None:
    fails, works = Statement("SELECT 1 / %s::int", [0]), Statement("SELECT %s::int + 3", [1])
    with pytest.raises(DataError), transaction.atomic():
        fetch(works, fails)
    assert fetch(works, works) == [[(4,)], [(4,)]]


@pytest.mark.postgres
def test_no_more_is_kept_than_a_connection_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.rows.MOST_KEPT", 0)
    before = kept()
    assert fetch(Statement("SELECT %s::int + 4", [1])) == [[(5,)]]
    assert kept() == before
