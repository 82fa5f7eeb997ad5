"""Filling in, file by file and field by field, where it is open, and where a return named only some of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from audit.models import Event
from common.errors import DomainError
from common.tables.heads import TableRow
from documents.models import Material, MaterialKind, RosterEntry
from documents.services.materials import check_file
from tests.support.filing import filing, returned
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.filing.services.claims import Claim
from workflow.filing.services.filing import add_material, remove_material, replace_roster, save_self_evaluation
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db
PERSON = [TableRow(number=1, cells=("科技志愿者", "张三", "13900000001"))]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).opened()


def sent_back(*parts: str) -> World:
    world = a_cycle().with_units(1).submitted()
    returned(world, *parts)
    return world


def act(world: World, what: str, task: Task, **more: Any) -> Any:
    sheet = world.assessments[0].sheet
    common: dict[str, Any] = {"task": task, "by": world.filers[sheet.pk], "arrived_at": world.at}
    with world.clock():
        if what == "claims":
            claims = [Claim(code="1.1", field="claimed", value="7")]
            return save_self_evaluation(claims=claims, **common)
        if what == "roster":
            return replace_roster(rows=PERSON, **common)
        if what == "remove":
            remove_material(material=Material.objects.all()[0], **common)
            return None
        file = ContentFile(b"%PDF-1.7", name="a.pdf")
        return add_material(file=file, **({"kind": MaterialKind.SUMMARY} | more), **common)


ACTS = ["claims", "roster", "remove", "add"]


@pytest.mark.parametrize("what", ACTS)
def test_at_the_deadline_nothing_is_taken_and_an_instant_before_everything(what: str) -> None:
    world = a_cycle().with_units(1).filled()
    world.at = world.deadline
    with pytest.raises(DomainError):
        act(world, what, filing(world))
    world.at = world.deadline - timedelta(microseconds=1)
    act(world, what, filing(world))


@pytest.mark.parametrize("what", ACTS)
def test_once_handed_in_nothing_is_taken(what: str) -> None:
    world = a_cycle().with_units(1).filled()
    task = filing(world)
    with world.clock():
        submit_assessment(task=task, by=world.filers[world.assessments[0].sheet_id], arrived_at=world.at)
    with pytest.raises(DomainError):
        act(world, what, task)


@pytest.mark.parametrize(
    ("what", "scope", "taken"),
    [
        ("roster", ["roster"], True),
        ("roster", ["summary"], False),
        ("remove", ["summary"], True),
        ("remove", ["1.1"], False),
        ("add", ["summary"], True),
        ("add", ["score_sheet", "1.1"], False),
    ],
)
def test_a_return_lets_only_what_it_names_be_changed(what: str, scope: list[str], taken: bool) -> None:
    world = sent_back(*scope)
    if taken:
        act(world, what, filing(world))
    else:
        with pytest.raises(DomainError):
            act(world, what, filing(world))


@pytest.mark.parametrize(("code", "taken"), [("1.1", True), ("B1.1", True), ("1.2", False)])
def test_evidence_goes_with_its_part(code: str, taken: bool) -> None:
    world = sent_back("1.1", "B1")
    more = {"kind": MaterialKind.EVIDENCE, "code": code}
    if taken:
        assert act(world, "add", filing(world), **more).code == code
    else:
        with pytest.raises(DomainError):
            act(world, "add", filing(world), **more)


def test_pages_offer_only_what_a_return_names() -> None:
    world = sent_back("1.1")
    visitor = Visitor(world, world.filers[world.assessments[0].sheet_id])
    form = visitor.get(f"/self-evaluation/{world.assessments[0].pk}/materials/").context["form"]
    assert [value for value, _label in form.fields["kind"].choices] == ["evidence"]
    assert [value for value, _label in form.fields["code"].choices] == ["", "1.1"]
    page = visitor.get(f"/self-evaluation/{world.assessments[0].pk}/materials/").context
    assert (len(page["page"].materials), page["removable"]) == (1, set())
    assert visitor.get(f"/self-evaluation/{world.assessments[0].pk}/roster/").context["open"] is False


def test_a_file_that_is_refused_changes_nothing(world: World) -> None:
    sheet = world.assessments[0].sheet
    with world.clock(), pytest.raises(DomainError) as problem:
        add_material(
            task=filing(world),
            kind=MaterialKind.SUMMARY,
            file=ContentFile(b"MZ", name="a.pdf"),
            by=world.filers[sheet.pk],
            arrived_at=world.at,
        )
    assert problem.value.field == "file"
    assert not Material.objects.exists()
    assert not Event.objects.filter(verb__startswith="material").exists()


def test_a_removed_file_stays_kept_and_is_removed_once() -> None:
    world = a_cycle().with_units(1).filled()
    for _time in range(2):
        act(world, "remove", filing(world))
    material = Material.objects.get()
    assert material.removed_at == world.at
    assert material.file.read() == b"%PDF-1.4 summary"
    assert str(material) == "summary.pdf"
    (event,) = Event.objects.filter(went_to="summary.pdf")
    assert event.data["sha256"] == material.sha256


@pytest.mark.parametrize("name", ["../../etc/总结.pdf", "C:\\文件\\总结.pdf", "总结.pdf"])
def test_a_path_in_a_name_is_dropped(world: World, name: str) -> None:
    visitor = Visitor(world, world.filers[world.assessments[0].sheet_id])
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    file.name = name
    with world.clock():
        add_material(
            task=filing(world),
            kind=MaterialKind.SUMMARY,
            file=file,
            by=world.filers[world.assessments[0].sheet_id],
            arrived_at=world.at,
        )
    kept = Material.objects.get()
    assert kept.name == "总结.pdf"
    assert visitor.get(f"/materials/{kept.pk}/")["Content-Disposition"].startswith("attachment")


def test_a_long_name_keeps_its_ending(world: World) -> None:
    file = ContentFile(b"%PDF-1.7", name=f"{'长' * 300}.pdf")
    with world.clock():
        kept = add_material(
            task=filing(world),
            kind=MaterialKind.SUMMARY,
            file=file,
            by=world.filers[world.assessments[0].sheet_id],
            arrived_at=world.at,
        )
    kept.refresh_from_db()
    assert len(kept.name) == 200
    assert kept.name.endswith(".pdf")


def test_a_filer_of_two_units_chooses_between_them() -> None:
    world = a_cycle().with_units(2).opened()
    first, second = world.assessments
    filer = world.filers[first.sheet_id]
    filer.memberships.create(role=Role.FILER, unit=second.sheet.unit, since=world.at - timedelta(days=9))
    page = Visitor(world, filer).get("/self-evaluation/")
    assert page.context["assessments"] == [first, second]


def test_before_any_cycle_the_page_says_what_will_be_here() -> None:
    world = a_cycle().with_units(1)
    (filer,) = world.filers.values()
    page = Visitor(world, filer).get("/self-evaluation/")
    assert (page.status_code, page.context["assessments"]) == (200, [])


def test_a_plain_save_leads_back_or_on_to_the_check(world: World) -> None:
    assessment = world.assessments[0]
    visitor, path = Visitor(world, world.filers[assessment.sheet_id]), f"/self-evaluation/{assessment.pk}/"
    assert visitor.post(path, {"claimed-1.1": "7"}).url == path
    assert visitor.post(path, {"claimed-1.1": "8", "check": "1"}).url == f"{path}check/"
    assert assessment.sheet.lines.get(code="1.1").claimed == 8


def test_nobody_of_the_roster_is_named_in_an_event(world: World) -> None:
    act(world, "roster", filing(world))
    assert RosterEntry.objects.count() == 1
    assert "张三" not in str(list(Event.objects.values()))


def test_a_link_from_a_part_asks_for_its_evidence(world: World) -> None:
    visitor = Visitor(world, world.filers[world.assessments[0].sheet_id])
    path = f"/self-evaluation/{world.assessments[0].pk}/materials/"
    initial = visitor.get(path, data={"code": "1.2"}).context["form"].initial
    assert initial == {"kind": MaterialKind.EVIDENCE, "code": "1.2"}
    assert visitor.get(path, data={"kind": "score_sheet"}).context["form"].initial["kind"] == "score_sheet"


def test_an_answer_with_nothing_but_a_conflict_says_of_no_save(world: World) -> None:
    assessment = world.assessments[0]
    visitor, path = Visitor(world, world.filers[assessment.sheet_id]), f"/self-evaluation/{assessment.pk}/"
    version = visitor.get(path).context["version"]
    visitor.autosave(f"{path}save/", claimed_1_1="30")
    answer = visitor.autosave(f"{path}save/", claimed_1_1="20", version=version)
    assert answer.status_code == 409
    assert "saved_at" not in answer.json()


def test_an_empty_file_is_told_from_one_that_is_missing() -> None:
    with pytest.raises(DomainError, match=r"a\.pdf"):
        check_file("a.pdf", ContentFile(b""))


def test_pages_of_files_and_rosters_take_a_fixed_number_of_queries() -> None:
    world = a_cycle().with_units(1).filled()
    assessment = world.assessments[0]
    visitor, path = Visitor(world, world.filers[assessment.sheet_id]), f"/self-evaluation/{assessment.pk}/"
    counted = []
    for _size in range(2):
        for more in ("materials/", "roster/", "check/"):
            with CaptureQueriesContext(connection) as queries:
                visitor.get(f"{path}{more}")
            counted.append(len(queries))
        for number in range(20):
            with world.clock():
                add_material(
                    task=filing(world),
                    kind=MaterialKind.EVIDENCE,
                    code="1.1",
                    by=world.filers[assessment.sheet_id],
                    file=ContentFile(b"%PDF-1.7", name=f"{number}.pdf"),
                    arrived_at=world.at,
                )
        rows = [TableRow(number=n, cells=("科技志愿者", f"甲{n}", f"139{n:08d}")) for n in range(60)]
        with world.clock():
            replace_roster(task=filing(world), rows=rows, by=world.filers[assessment.sheet_id], arrived_at=world.at)
    assert counted[:3] == counted[3:]
