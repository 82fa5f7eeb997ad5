"""A notice with doubts in the browser: each shows its place in the original, and is settled by a choice."""

import pytest
from playwright.sync_api import expect

from scoring.models import Finding
from scoring.services.schemes import import_notice
from tests.e2e.steps_common import Stage
from tests.e2e.walk_filing import press_main
from tests.support.world import World, a_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NOTICE = """关于2024年度乡镇科协考核的通知
各乡镇科协：
请于12月31日前报送。
附件1
2024年度乡镇科协考核指标

	序号	考核内容	分值

	1	组织建设（20分），会员发展（20分）	40

	2	团日活动	40

	3			30

	加分项（每项不超过3分）

	1	获国家级、省级、市级表彰的分别加5分、3分、1分
"""


@pytest.fixture
def world() -> World:
    """A draft of another year, read from a notice with a number too many."""
    made = a_cycle()
    with made.clock():
        import_notice(name="通知.txt", content=NOTICE.encode(), by=made.office)
    return made


def test_the_office_settles_findings_beside_the_original(stage: Stage, world: World) -> None:
    """From a finding to the words in the original and to its row; one stands as read, one means something else."""
    office = stage.person(world.office)
    office.open("/schemes/2024/reading/")
    stray = office.page.locator(".original mark", has_text="30")
    expect(stray).to_be_visible()
    office.page.locator(".original a", has_text="→ 1").first.click()
    expect(office.page.locator("article:target")).to_contain_text("组织建设")
    office.page.locator("article:target h3 a").click()
    expect(office.page.locator("td:target")).to_be_visible()

    doubt = office.page.locator(".hint", has_text="“30”").first
    office.click(doubt.get_by_role("link", name="处理"))
    office.says("30")
    office.page.locator("input[value=as-read]").check()
    office.page.locator("[name=reason]").fill("印刷错误。")
    press_main(office)

    levels = office.page.locator(".hint", has_text="5、3、1")
    office.click(levels.get_by_role("link", name="处理"))
    office.page.locator("input[value=sum]").check()
    office.page.locator("[name=reason]").fill("可以累加。")
    press_main(office)
    office.says("该问题已处理")
    expect(office.page.locator(".hint", has_text="5、3、1")).to_have_count(0)
    assert Finding.objects.filter(reason="印刷错误。").count() == 1
    assert not stage.problems, "\n".join(stage.problems)
