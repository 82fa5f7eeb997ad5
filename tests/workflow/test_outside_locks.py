"""Slow work waits for nobody and keeps nobody waiting: while it is done, another connection writes to the same unit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pkgutil import resolve_name
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.grants import Grant, NewPerson
from accounts.models import Role, Unit, User
from accounts.services import import_accounts
from common.tables.heads import TableRow
from documents.models import MaterialKind
from scoring.models import IncidentKind
from scoring.services.schemes import load_scheme
from tests.support.drawings import opened
from tests.support.schemes import a_body
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.filing.services.filing import add_material, replace_roster
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment

pytestmark = [pytest.mark.race, pytest.mark.both, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7 made up"


def somebody_else_writes(pk: int) -> None:
    """Take the lock of a process on another connection without waiting for it, and commit."""

    def write() -> None:
        with connection.cursor() as cursor:
            sqlite = connection.vendor == "sqlite"
            cursor.execute("PRAGMA busy_timeout = 0" if sqlite else "SET lock_timeout = '10ms'")
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=pk)
            Assessment.objects.filter(pk=pk).update(step=Assessment.objects.get(pk=pk).step)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write).result()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[World, str], list[str]]:
    """Let somebody else write whenever the function of this name is called; the calls are listed."""

    def watch(world: World, name: str) -> list[str]:

        slow = resolve_name(name)
        calls: list[str] = []

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            somebody_else_writes(world.assessments[0].pk)
            return slow(*args, **kwargs)

        monkeypatch.setattr(name, wrapped)
        return calls

    return watch


def add_a_file(world: World) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    file: Any = ContentFile(PDF, name="a.pdf")
    add_material(task=task, kind=MaterialKind.SUMMARY, file=file, by=the_filer(world), arrived_at=world.at)


def take_a_roster(world: World) -> None:
    rows = [TableRow(1, ("科技志愿者", "张三", "13900000001"))]
    task = world.task(world.assessments[0], "self_evaluation")
    replace_roster(task=task, rows=rows, by=the_filer(world), arrived_at=world.at)


def submit(world: World) -> None:
    task = world.task(world.assessments[0], "self_evaluation")
    submit_assessment(task=task, by=the_filer(world), arrived_at=world.at)


def decide(world: World) -> None:
    document: Any = ContentFile(PDF, name="a.pdf")
    decision = Decision(kind=IncidentKind.SAFETY, consequence=Consequence.FIRST, reason="起火", document=document)
    decide_incident(assessment=world.assessments[0], decision=decision, by=world.office)


def open_a_drawing(world: World) -> None:
    opened(world)


def issue(world: World) -> None:
    world.issue()


def load(world: World) -> None:
    load_scheme(a_body(year=2027), source_name="n.txt", source=b"n", by=world.office)


def import_a_person(world: World) -> None:
    person = NewPerson(username="new", name="新人", email="", grant=Grant(Role.FILER, Unit.objects.get()))
    import_accounts(people=[person], by=world.office)


def the_filer(world: World) -> User:
    return world.filers[world.assessments[0].sheet_id]


@pytest.mark.parametrize(
    ("state", "act", "slow"),
    [
        ("filled", add_a_file, "documents.services.materials.check_file"),
        ("filled", add_a_file, "common.storage.WholeFileStorage._save"),
        ("filled", take_a_roster, "documents.services.roster.people_of"),
        ("reviewed", decide, "common.storage.WholeFileStorage._save"),
        ("reviewed", open_a_drawing, "documents.services.roster.person_key"),
        ("to_circulate", issue, "documents.services.notices.notice_docx"),
        ("to_circulate", issue, "common.storage.WholeFileStorage._save"),
        ("filled", load, "common.storage.WholeFileStorage._save"),
        ("filled", import_a_person, "accounts.services.one_time_digest"),
    ],
)
def test_slow_work_holds_no_lock(
    meanwhile: Callable[[World, str], list[str]], state: str, act: Callable[[World], None], slow: str
) -> None:
    world: World = getattr(a_cycle().with_units(1), state)()
    calls = meanwhile(world, slow)
    with world.clock():
        act(world)
    assert calls
