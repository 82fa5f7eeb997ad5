"""What departments, recipients, leaders and the office do in the browser: score, approve, draw, rate, consolidate."""

from datetime import timedelta

from playwright.sync_api import expect

from common import clock
from common.narrow import known
from tests.e2e.steps_common import Stage, Visitor, zh
from tests.e2e.walk_filing import press_main
from tests.support.browser import PHONE
from tests.support.drawings import drawn
from tests.support.world import World
from workflow.office.services.sweep import sweep
from workflow.rating.services.too_few import take_what_is_there


def score(reviewer: Visitor, points: dict[str, str]) -> None:
    """Side by side with the self-evaluation, saved as it is typed, then handed to the head."""
    reviewer.go("Work assessment")
    reviewer.click(reviewer.page.locator("tbody a.btn").first)
    for code, value in points.items():
        reviewer.page.locator(f"[name='value-{code}']").fill(value)
        reviewer.page.locator(f"[name='note-{code}']").fill("佐证材料少一次签到")
    reviewer.page.locator("h1").click()
    expect(reviewer.page.locator("[data-autosave-status]")).to_contain_text("已保存")
    press_main(reviewer)


def approve(head: Visitor) -> None:
    """The head chooses, sees which, approves."""
    head.go("Work assessment")
    head.page.locator("[name=ids]").first.check()
    press_main(head)
    press_main(head)


def draw(office: Visitor, world: World) -> None:
    """A drawing has drawn (test_redo_draw.py walks one), and the office reads its record."""
    drawn(world)
    office.go("Draws")
    office.click(office.page.get_by_role("link", name=zh("Record of the draw")).first)
    office.says(world.assessments[0].sheet.unit_name)


def rate_by_link(stage: Stage, office: Visitor) -> None:
    """A recipient opens the link of the text message on a phone, rates, and takes the receipt along.

    The texts lie where a demo shows them: nothing else has the link.
    """
    office.open("/demo-mail/?texts=1")
    link = office.page.locator("a[href*='/ballot/#']").first.get_attribute("href") or ""
    recipient = stage.visitor(size=PHONE)
    recipient.open(link[link.index("/ballot/") :])
    recipient.page.wait_for_url("**/ballot/sheet/")
    recipient.page.locator("[name=value]").fill("101")
    press_main(recipient)
    expect(recipient.page.locator("[name=value]")).to_have_attribute("aria-invalid", "true")
    recipient.page.get_by_text("很满意").click()
    expect(recipient.page.locator("[name=value]")).to_have_value("95")
    recipient.page.locator("[name=value]").fill("92.5")
    press_main(recipient)
    expect(recipient.page.locator("#receipt")).to_have_count(1)


def rate_as_leader(leader: Visitor) -> None:
    """One sheet for every unit, saved as it is typed."""
    leader.go("Leaders' ratings")
    field = leader.page.locator("[name^='rating-']").first
    field.fill("95")
    field.blur()
    expect(leader.page.locator("[data-autosave-status]")).to_contain_text("已保存")


def pass_deadline(office: Visitor) -> None:
    """The demo's clock goes past the next deadline."""
    office.go("Demo clock")
    office.click(office.page.locator("button[name=pass][value=deadline]"))


def go_to(office: Visitor, day: str) -> None:
    """The demo's clock goes to the morning of a day."""
    office.go("Demo clock")
    office.page.locator("[name=to]").fill(day)
    office.click(office.page.locator("button[name=pass][value=date]"))


def take_the_few(world: World) -> None:
    """Fewer have rated than a mean may be shown of: the office lets what is there count, and the box is opened."""
    task = world.task(world.assessments[0], "recipient_rating")
    with clock.travel(known(task.due_at) + timedelta(minutes=2)):
        take_what_is_there(task=task, why="仅一人评价", by=world.office)
        sweep()


def consolidate(office: Visitor) -> None:
    """The explained sum is read, the result confirmed."""
    office.go("Consolidation")
    office.click(office.page.locator("tbody a.btn").first)
    office.says("× 70%")
    press_main(office)
    press_main(office)
