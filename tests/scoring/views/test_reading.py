"""The notice beside its scheme, and findings settled by a choice with the place in the original before one's eyes."""

import re
from datetime import date, time

import pytest
from django.http import HttpResponse

from common import clock
from scoring.engine.edit import Edit
from scoring.models import Cycle, Finding, Scheme
from scoring.services.editing import edit_scheme
from scoring.services.schemes import import_notice
from tests.scoring.engine.paths import FIXTURES
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
READING = "/schemes/2024/reading/"
HEAD = "关于2024年度乡镇科协考核的通知\n各乡镇科协：\n请于12月31日前报送。\n附件1\n2024年度乡镇科协考核指标\n"


@pytest.fixture
def world() -> World:
    return a_cycle()


def imported(world: World, *rows: str, head: str = "序号|考核内容|分值") -> Scheme:
    text = HEAD + "".join(f"\n\t{row}\n".replace("|", "\t") for row in (head, *rows))
    with world.clock():
        return import_notice(name="notice.txt", content=text.encode(), by=world.office)


def page(world: World, url: str = READING) -> str:
    return Visitor(world, world.office).get(url).content.decode()


def settled(world: World, finding: Finding, **data: str) -> HttpResponse:
    visitor = Visitor(world, world.office)
    url = f"/schemes/2024/settle/?ids={finding.pk}"
    seen = re.search(r'name="seen" value="(\w+)"', visitor.get(url).content.decode())
    assert seen
    return visitor.post(url, {"seen": seen[1], **data})


def test_a_cell_leads_to_its_row_in_the_scheme_and_back(world: World) -> None:
    imported(world, "1|甲（20分），丙（20分）|40", "2|乙|60")
    shown = page(world)
    assert 'href="#s-annex-1-1"' in shown and 'id="s-annex-1-1"' in shown
    assert 'href="#s-annex-1-1.2"' in shown and 'id="s-annex-1-1.2"' in shown
    assert 'href="#o-5-1-0"' in shown and 'id="o-5-1-0"' in shown


def test_plain_text_is_quiet_and_what_is_unread_is_marked(world: World) -> None:
    imported(world, "1|甲|40", "2|乙|60", "3|||30")
    shown = page(world)
    assert re.search(r'id="o-1-0-0"\s+class="dim"', shown)
    assert "<mark>30</mark>" in shown


def test_a_scheme_whose_notice_cannot_be_read_says_so(world: World) -> None:
    assert "没有可显示的原文" in page(world, "/schemes/2026/reading/")


def test_a_scheme_whose_file_is_gone_says_so(world: World) -> None:
    scheme = imported(world, "1|甲|40", "2|乙|60")
    scheme.source.storage.delete(scheme.source.name)
    assert "没有可显示的原文" in page(world)


def test_a_row_that_was_taken_out_since_is_no_aim_of_a_link(world: World) -> None:
    scheme = imported(world, "1|甲|40", "2|乙|60")
    del scheme.body["tracks"][0]["indicators"][1]
    put_rules(scheme, scheme.body)
    assert 'href="#s-annex-1-2"' not in page(world)


def test_a_rate_is_said_with_what_it_counts(world: World) -> None:
    imported(world, "1|甲|40", "2|乙|60", "|加分项（不超过10分）|", "1|获得表彰（加2分/次）|")
    assert "2/次" in page(world)


def test_a_finding_shows_the_words_of_the_original(world: World) -> None:
    finding = imported(world, "1|甲|40", "2|乙|60", "3|||30").findings.get(code="unread")
    shown = page(world, f"/schemes/2024/settle/?ids={finding.pk}")
    assert re.search(r'<p class="quote">\s*30\s*</p>', shown)
    assert f"{READING}#o-5-3-3" in shown


def test_a_finding_that_may_stand_is_confirmed_with_its_reason(world: World) -> None:
    finding = imported(world, "1|甲|40", "2|乙|60", "3|||30").findings.get(code="unread")
    settled(world, finding, choice="as-read", reason="误印。")
    finding.refresh_from_db()
    assert (finding.settled_by, finding.reason) == (world.office, "误印。")


def test_another_reading_changes_the_scheme_and_answers_the_finding(world: World) -> None:
    scheme = imported(world, "1|甲|40", "2|乙|40")
    finding = scheme.findings.get(code="points-mismatch", at="")
    settled(world, finding, choice="full-marks", reason="满分为80分。")
    scheme = Scheme.objects.get(pk=scheme.pk)
    assert scheme.body["tracks"][0]["full_marks"] == "80"
    assert not scheme.findings.filter(code="points-mismatch").exists()


def test_an_hour_of_the_deadline_is_chosen_and_the_whole_day_again(world: World) -> None:
    text = f"{HEAD}\n\t考核内容\t分值\n\n\t甲\t100\n".replace("31日前", "31日下班前")
    with world.clock():
        scheme = import_notice(name="notice.txt", content=text.encode(), by=world.office)
    assert scheme.cycle.deadline_at == clock.end_of(date(2024, 12, 31))
    settled(world, scheme.findings.get(code="deadline-hour"), choice="hour-17:30", reason="机关作息时间。")
    cycle = Cycle.objects.get(year=2024)
    assert cycle.deadline_at == clock.last_moment(date(2024, 12, 31), time(17, 30))
    assert not cycle.scheme.findings.filter(code="deadline-hour", settled_at=None).exists()


def test_the_whole_day_may_count_where_the_notice_has_an_hour(world: World) -> None:
    text = f"{HEAD}\n\t考核内容\t分值\n\n\t甲\t100\n".replace("31日前", "31日12:00前")
    with world.clock():
        scheme = import_notice(name="notice.txt", content=text.encode(), by=world.office)
    assert scheme.cycle.deadline_at == clock.last_moment(date(2024, 12, 31), time(12))
    settled(world, scheme.findings.get(code="deadline-hour"), choice="whole-day", reason="已商定放宽。")
    scheme = Scheme.objects.get(pk=scheme.pk)
    assert "deadline_time" not in scheme.body
    assert scheme.cycle.deadline_at == clock.end_of(date(2024, 12, 31))


def test_levels_of_a_bonus_may_be_counted_one_by_one(world: World) -> None:
    text = (FIXTURES / "small" / "bonus-levels.txt").read_bytes()
    with world.clock():
        scheme = import_notice(name="notice.txt", content=text, by=world.office, year=2024)
    finding = scheme.findings.get(code="alternatives", at="B1")
    settled(world, finding, choice="sum", reason="可以累加。")
    scheme = Scheme.objects.get(pk=scheme.pk)
    assert not scheme.rules.tracks[0].adjustments[0].highest
    assert not scheme.findings.filter(code="alternatives", at="B1").exists()


def test_a_factor_of_an_item_may_be_a_rule_of_its_own(world: World) -> None:
    imported(world, "1|甲|100", "扣分项||", "2|迟报信息每次扣1分，情节严重的加倍扣分|")
    finding = Finding.objects.get(code="unclear-scope")
    settled(world, finding, choice="own", reason="按次加倍")
    (item,) = Scheme.objects.get(cycle__year=2024).rules.tracks[0].adjustments
    assert [(rule.rate, rule.per, rule.factor) for rule in item.rules] == [(1, "次", None), (2, "次", None)]
    assert not Finding.objects.filter(code="unclear-scope", settled_at=None).exists()


def test_a_choice_without_its_reason_settles_nothing(world: World) -> None:
    finding = imported(world, "1|甲|40", "2|乙|60", "3|||30").findings.get(code="unread")
    settled(world, finding, choice="as-read", reason="")
    finding.refresh_from_db()
    assert finding.settled_at is None


def test_an_error_of_the_numbers_with_no_other_reading_leads_to_its_values(world: World) -> None:
    scheme = imported(world, "|加分项（不超过10分）|", "1|获得表彰的|", "2|获奖的加2分|")
    finding = scheme.findings.get(code="unread", at="B1")
    shown = page(world, f"/schemes/2024/settle/?ids={finding.pk}")
    assert "填写其他数值" in shown and 'id="settle"' not in shown


def test_what_is_settled_already_leads_back(world: World) -> None:
    imported(world, "1|甲|40", "2|乙|60")
    assert Visitor(world, world.office).get("/schemes/2024/settle/?ids=0").status_code == 302
    assert Cycle.objects.filter(year=2024).exists()


QUOTAS = "考核等次分为优秀、良好、合格。按参评单位总数的20%确定优秀等次。良好不超过15%-30%左右，不足一家的另定。\n"


def lettered(world: World, letter: str, note: str = "") -> Scheme:
    text = HEAD.replace("附件1", letter + "附件1") + "\n\t指标\n\n\t1.甲（100分）\n" + note
    with world.clock():
        return import_notice(name="notice.txt", content=text.encode(), by=world.office)


@pytest.fixture
def with_quotas(world: World) -> Scheme:
    return lettered(world, QUOTAS)


def test_a_doubt_about_a_quota_stands_at_its_words_and_is_settled_by_a_choice(
    world: World, with_quotas: Scheme
) -> None:
    finding = with_quotas.findings.get(at="Q1.rounding")
    assert finding.place == "Q1"
    shown = page(world, f"/schemes/2024/settle/?ids={finding.pk}")
    assert "按参评单位总数的20%确定优秀等次" in shown and "/schemes/2024/edit/" in shown
    settled(world, finding, choice="up", reason="按一家计。")
    scheme = Scheme.objects.get(cycle__slug="2024")
    assert [quota.rounding for quota in scheme.rules.quotas] == ["up", None]
    assert not scheme.findings.filter(at="Q1.rounding", settled_at=None).exists()
    assert scheme.findings.filter(at="Q2.about", settled_at=None).exists()


def test_a_doubt_about_a_quota_goes_with_it_and_no_other_does(world: World, with_quotas: Scheme) -> None:
    with world.clock():
        removed = Edit(("quotas", 0), remove=True)
        edit_scheme(scheme=with_quotas, edit=removed, what="取消名额", by=world.office, seen=with_quotas.sha256)
    scheme = Scheme.objects.get(cycle__slug="2024")
    (left,) = scheme.rules.quotas
    at = scheme.findings.filter(code="quota", settled_at=None).values_list("at", flat=True)
    assert (left.code, sorted(at)) == ("Q2", ["Q2.about", "Q2.more"])


def test_the_scheme_says_its_quotas_with_the_words_of_the_notice(world: World, with_quotas: Scheme) -> None:
    shown = page(world, "/schemes/2024/")
    assert "优秀: 不超过 20%，不足一家的舍去" in " ".join(shown.split())
    assert "“按参评单位总数的20%确定优秀等次”" in shown


def test_a_quota_in_a_note_below_an_annex_is_found_there(world: World) -> None:
    lettered(world, "考核等次分为优秀、良好。\n", "\n\n注：优秀占20%。\n")
    assert re.search(r"优秀占20%。[^<]*”", page(world))


def test_what_is_told_of_quotas_is_marked(world: World) -> None:
    lettered(world, "考核等次分为优秀、良好。\n优秀等次名额另行通知。\n")
    assert "<mark>优秀等次名额另行通知。</mark>" in page(world)
