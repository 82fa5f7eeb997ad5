"""The ways back in the browser: a review asked again, a row returned from the board, an objection upheld."""

from playwright.sync_api import expect

from tests.e2e.steps_common import PASSWORD, Visitor
from tests.e2e.walk_filing import press_main


def confirm_all(office: Visitor) -> None:
    """Everything that is ready is chosen, seen, confirmed."""
    office.go("Consolidation")
    office.page.locator("[data-select-all]").check()
    press_main(office)
    press_main(office)


def ask_again(office: Visitor, unit: str, why: str, until: str) -> None:
    """The office opens a review again for one part, with its reason and a day."""
    office.go("Consolidation")
    office.click(office.page.locator("tbody tr", has_text=unit).locator("a.btn"))
    office.page.locator("details > summary").last.click()
    office.page.locator("[name=departments]").first.check()
    office.page.locator("[name=parts][value='1.1']").check()
    office.page.locator("[name=why]").fill(why)
    office.page.locator("[name=until]").fill(until)
    office.press("Ask again")


def review_again(reviewer: Visitor, head: Visitor, unit: str, why: str, points: str) -> None:
    """The reviewer reads who asked and why, changes only what was named; the head approves."""
    reviewer.go("Work assessment")
    reviewer.click(reviewer.page.locator("tbody tr", has_text=unit).locator("a.btn"))
    reviewer.says(why)
    expect(reviewer.page.locator("[name^='value-']")).to_have_count(1)
    reviewer.page.locator("[name='value-1.1']").fill(points)
    reviewer.page.locator("[name='note-1.1']").fill("复核后调整")
    press_main(reviewer)
    head.go("Work assessment")
    head.page.locator("[name=ids]").first.check()
    press_main(head)
    press_main(head)


def return_a_row(chief: Visitor, unit: str, why: str) -> None:
    """The leading group sends one unit back from the board."""
    chief.go("Approval by the leading group")
    chief.click(chief.page.locator("tbody a[href^='/boards/']").first)
    chief.page.locator("tbody tr", has_text=unit).locator("[name=ids]").check()
    chief.press("Return the chosen rows")
    chief.says(unit)
    chief.page.locator("[name=why]").fill(why)
    press_main(chief)


def grade_all_and_sign(chief: Visitor, grade: str) -> None:
    """Whoever has no grade gets one, and the list is signed."""
    chief.go("Approval by the leading group")
    chief.click(chief.page.locator("tbody a[href^='/boards/']").first)
    for field in chief.page.locator("select[name^='grade-']").all():
        field.select_option(grade)
    expect(chief.page.locator("[data-autosave-status]")).to_contain_text("已保存")
    chief.page.reload()
    press_main(chief)
    chief.page.locator("[name=password]").fill(PASSWORD)
    press_main(chief)
    chief.says("SHA-256")


def uphold(office: Visitor, why: str) -> None:
    """The office finds that the objection is right."""
    office.go("Publicity and objections")
    office.click(office.page.locator("a[href^='/objections/']").first)
    office.page.locator("[name=decision][value=upheld]").check()
    office.page.locator("[name=answer]").fill(why)
    press_main(office)
