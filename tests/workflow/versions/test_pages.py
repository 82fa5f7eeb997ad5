"""The pages of a correction: the office proposes and edits, the head sees what it does and signs or returns it."""

from decimal import Decimal

import pytest

from documents.contents import Contents
from documents.services.submissions import missing_for
from scoring.engine.edit import Edit
from scoring.models import Scheme, SchemeProposal, SheetLine
from tests.support.pages import Visitor
from tests.support.versions import FIRST_PART, SOCIETY, proposed, put, signed, submitted, worth
from tests.support.world import World, a_cycle
from workflow.versions.queries.effect import effect_of
from workflow.versions.queries.told import Told
from workflow.versions.services import signing

pytestmark = pytest.mark.django_db
HOME = "/schemes/2026/versions/"
QUESTIONS = 20


@pytest.fixture
def world() -> World:
    """Two societies that wait for approval."""
    return a_cycle().with_units(2, "society").consolidated()


def society_line(world: World, number: int) -> SheetLine:
    return world.assessments[number].sheet.lines.get(code="1.1")


def page(world: World, path: str, *, office: bool = False) -> str:
    answer = Visitor(world, world.office if office else world.chief).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_office_begins_edits_and_submits_a_version_on_its_pages(world: World) -> None:
    office = Visitor(world, world.office)
    assert "拟订更正" in office.get(HOME).content.decode()
    assert office.post(f"{HOME}new/", {"why": "附表有误"}).url == "/schemes/2026/edit/"
    proposal = SchemeProposal.objects.get()
    for place, name, value in (("tracks/1/indicators/0/parts/0", "points", "8"), ("tracks/1", "full_marks", "68")):
        path = f"/schemes/2026/edit/at/{place}/"
        version = Scheme.objects.get(pk=proposal.scheme_id).sha256
        answer = office.post(
            path,
            {name: value, "changed": [name], "version": version},
            headers={"X-Requested-With": "autosave"},
        )
        assert answer.json()["errors"] == {}
    assert "8" in office.get(f"/versions/{proposal.pk}/").content.decode()
    answer = office.post(f"/versions/{proposal.pk}/submit/", {"why": "附表有误"})
    assert answer.url == f"/versions/{proposal.pk}/"
    assert SchemeProposal.objects.get().is_waiting
    assert "tracks" in Scheme.objects.get(in_force=world.cycle).body
    assert office.get("/schemes/2026/edit/").url == "/schemes/2026/"


@pytest.fixture
def being_counted(monkeypatch: pytest.MonkeyPatch) -> World:
    """A society that fills its sheet while a version without part 1.1 and with 1.3 is signed and not worked off."""
    monkeypatch.setattr(signing, "work_off_few", lambda run: None)
    world = a_cycle().with_units(1, "society").filled()
    indicator = (*SOCIETY, "indicators", 0)
    fresh = (*indicator, "parts", 1)
    signed(
        world, Edit(FIRST_PART, remove=True), Edit(indicator, {"text": "新增"}, add="parts"), put(fresh, points="40")
    )
    return world


@pytest.mark.both
def test_a_unit_reads_and_saves_its_sheet_while_units_are_counted_anew(being_counted: World) -> None:
    assessment = being_counted.assessments[0]
    filer = Visitor(being_counted, being_counted.filers[assessment.sheet_id])
    path = f"/self-evaluation/{assessment.pk}/"
    page = filer.get(path).content.decode()
    assert 'name="claimed-1.2"' in page and 'name="claimed-1.3"' not in page
    assert filer.autosave(f"{path}save/", **{"claimed-1.2": "4"}).json()["errors"] == {}
    answer = filer.autosave(f"{path}save/", **{"claimed-1.1": "4", "claimed-1.3": "4"}).json()
    assert list(answer["errors"]) == ["claimed-1.3"]


def test_nothing_is_handed_in_without_what_a_signed_version_asks_for(being_counted: World) -> None:
    (missing, *_others) = missing_for(Contents(being_counted.assessments[0].sheet))
    assert "1.3" in str(missing)


def test_nothing_is_handed_in_above_what_a_signed_version_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "work_off_few", lambda run: None)
    world = a_cycle().with_units(1, "society").filled()
    signed(world, *worth("8"))
    (words,) = missing_for(Contents(world.assessments[0].sheet))
    assert "1.1" in str(words)


def test_what_it_does_stands_unit_by_unit(world: World) -> None:
    proposal = submitted(world, *worth("8"))
    text = page(world, f"/versions/{proposal.pk}/")
    assert text.count("退回汇总") == 2
    assert "30.00" in text and "28.00" in text


def test_what_it_did_stands_there_as_it_was_signed(world: World) -> None:
    other = society_line(world, 1)
    other.reviewed = Decimal(4)
    other.save()
    indicator = (*SOCIETY, "indicators", 0)
    fresh = (*indicator, "parts", 2)
    edits = (put(FIRST_PART, points="8"), Edit(indicator, add="parts"), put(fresh, text="新增一项", points="32"))
    proposal = submitted(world, *edits)
    path = f"/versions/{proposal.pk}/"
    asked = Told.of(effect_of(proposal))
    with world.clock():
        signing.sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)
    proposal.refresh_from_db()
    assert Told.from_json(proposal.effect) == asked
    text = page(world, path)
    assert text.count("退回汇总") == 2 and "新增一项" in text and "→ 8" in " ".join(text.split())
    assert len(Visitor(world, world.chief).questions(path)) <= QUESTIONS


def test_a_new_part_is_said_to_be_asked_of_a_department(world: World) -> None:
    indicator = (*SOCIETY, "indicators", 0)
    proposal = proposed(world, Edit(indicator, add="parts"), put((*indicator, "parts", 2), text="新增一项"))
    text = page(world, f"/versions/{proposal.pk}/", office=True)
    assert "新增一项" in text
    assert text.count("须重新评分</span> 1.3") == 2 or text.count("1.3") >= 3


def test_a_page_of_many_units_asks_as_much_as_one_of_few(world: World) -> None:
    path = f"/versions/{submitted(world, *worth('8')).pk}/"
    few = len(Visitor(world, world.chief).questions(path))
    wider = a_cycle(year=2027, issued="2027-02-01", deadline="2027-12-31", number="x").with_units(6, "society")
    wider.consolidated()
    path = f"/versions/{submitted(wider, *worth('8')).pk}/"
    assert len(Visitor(wider, wider.chief).questions(path)) == few <= QUESTIONS


def test_the_head_finds_it_among_what_they_owe_signs_it_with_the_password(world: World) -> None:
    proposal = submitted(world, *worth("8"))
    head = Visitor(world, world.chief)
    assert f"/versions/{proposal.pk}/" in head.get("/").content.decode()
    sign = f"/versions/{proposal.pk}/sign/"
    seen = proposal.scheme.sha256
    assert head.get(sign).status_code == 200
    assert "密码不正确" in head.post(sign, {"seen": seen, "password": "wrong"}).content.decode()
    assert "请重新查看" in head.post(sign, {"seen": "0" * 64, "password": "secret"}).content.decode()
    assert head.post(sign, {"seen": seen, "password": "secret"}).url == f"/versions/{proposal.pk}/"
    assert Scheme.objects.get(in_force=world.cycle).version == 2
    assert f"/versions/{proposal.pk}/" not in head.get("/").content.decode()


def test_what_it_says_differently_stands_above_what_it_does(world: World) -> None:
    text = page(world, f"/versions/{submitted(world, put(FIRST_PART, text='开展系列活动五次以上')).pk}/")
    assert text.index("五") < text.index("逐单位结果")
    assert "区县（自治县）科协" not in text


def test_steps_of_a_version_have_its_reason_in_another_sitting_too(world: World) -> None:
    scheme = proposed(world).scheme
    office = Visitor(world, world.office)
    path = "/schemes/2026/edit/at/tracks/1/indicators/0/parts/0/"
    office.autosave(path, points="8", version=scheme.sha256)
    assert scheme.steps.get().why == "通知附表有误"


def test_what_was_decided_or_was_not_submitted_is_not_asked_again(world: World) -> None:
    proposal = proposed(world, *worth("8"))
    head = Visitor(world, world.chief)
    for name in ("sign", "return"):
        assert head.get(f"/versions/{proposal.pk}/{name}/").url == f"/versions/{proposal.pk}/"
    SchemeProposal.objects.update(withdrawn_at=world.at)
    for name in ("sign", "return"):
        assert head.get(f"/versions/{proposal.pk}/{name}/").url == f"/versions/{proposal.pk}/"


def test_a_unit_of_which_only_the_rank_changes_is_told_so(world: World) -> None:
    society_line(world, 1).sheet.lines.filter(code="1.1").update(reviewed=Decimal(4))
    proposal = submitted(world, *worth("3"))
    assert "仅名次变动" not in page(world, f"/versions/{proposal.pk}/")
    SchemeProposal.objects.update(withdrawn_at=world.at)
    society_line(world, 1).sheet.lines.filter(code="1.1").update(reviewed=Decimal(9))
    society_line(world, 0).sheet.lines.filter(code="1.1").update(reviewed=Decimal(4))
    assert "仅名次变动" in page(world, f"/versions/{submitted(world, *worth('4')).pk}/")


def test_the_head_returns_it_with_words(world: World) -> None:
    proposal = submitted(world, *worth("8"))
    back = f"/versions/{proposal.pk}/return/"
    head = Visitor(world, world.chief)
    assert head.get(back).status_code == 200
    assert head.post(back, {"why": "请写明依据"}).url == f"/versions/{proposal.pk}/"
    assert "请写明依据" in page(world, f"/versions/{proposal.pk}/", office=True)


def test_whoever_proposed_it_is_told_that_another_has_to_sign(world: World) -> None:
    proposal = submitted(world, *worth("8"))
    SchemeProposal.objects.update(proposed_by=world.chief)
    head = Visitor(world, world.chief)
    assert "由您本人拟订" in head.get(f"/versions/{proposal.pk}/").content.decode()
    assert head.get(f"/versions/{proposal.pk}/sign/").url == f"/versions/{proposal.pk}/"


def test_the_office_gives_a_version_up(world: World) -> None:
    proposal = proposed(world)
    office = Visitor(world, world.office)
    assert office.post(f"/versions/{proposal.pk}/withdraw/").url == HOME
    assert "放弃人" in page(world, f"/versions/{proposal.pk}/", office=True)
    assert "拟订更正" in office.get(HOME).content.decode()


def test_what_keeps_a_version_back_is_said_where_it_is_submitted(world: World) -> None:
    proposal = proposed(world)
    path = f"/versions/{proposal.pk}/submit/"
    assert "没有任何改动" in page(world, path, office=True)
    assert "没有任何改动" in Visitor(world, world.office).post(path, {"why": "有误"}).content.decode()
    assert not SchemeProposal.objects.get().is_waiting


def test_a_second_version_is_refused_on_the_form(world: World) -> None:
    proposed(world)
    answer = Visitor(world, world.office).post(f"{HOME}new/", {"why": "又一处"})
    assert "已有一版正在拟订" in answer.content.decode()


def test_any_two_versions_stand_side_by_side(world: World) -> None:
    first = world.cycle.scheme
    second = signed(world, put(FIRST_PART, text="开展系列活动五次以上"))
    third = proposed(world, put(FIRST_PART, text="开展系列活动六次以上"))
    listed = page(world, HOME)
    assert "第 2 版" in listed and "通知附表有误" in listed
    compare = f"{HOME}compare/"
    assert "五" in page(world, f"{compare}?of={second.scheme_id}&with={first.pk}")
    assert "六" in page(world, compare)
    leader = Visitor(world, world.leaders[0])
    assert leader.get(f"{compare}?of={third.scheme_id}").status_code == 404
    assert leader.get(compare).status_code == 200
    assert leader.get("/schemes/2025/versions/compare/").status_code == 404


def test_a_sheet_says_by_which_version_it_was_counted_and_what_was_taken_out(world: World) -> None:
    signed(world, Edit(FIRST_PART, remove=True), put(SOCIETY, full_marks="60"))
    text = page(world, f"/assessments/{world.assessments[0].pk}/sheet/", office=True)
    assert "因方案更正取消或者变动的内容" in text
    other = a_cycle(year=2028, issued="2028-02-01", deadline="2028-12-31", number="y").with_units(1, "society")
    other.consolidated()
    signed(other, put(FIRST_PART, text="另说"))
    assert "按考核方案第2版计分" in page(other, f"/assessments/{other.assessments[0].pk}/sheet/", office=True)
