"""What the unit and its desk do in the browser: fill, hand in, return, supplement, accept."""

from playwright.sync_api import expect

from tests.e2e.steps_common import Visitor

SUMMARY = {"name": "工作总结.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% summary\n%%EOF\n"}
MAIN = ".btn.main:visible"


def press_main(visitor: Visitor) -> None:
    """The one main action of the page."""
    visitor.click(visitor.page.locator(MAIN).first)


def fill_by_typing(filer: Visitor, points: dict[str, str]) -> None:
    """Points are saved as they are typed; a wrong one says so at its field and stays."""
    filer.go("Self-evaluation")
    first = next(iter(points))
    field = filer.page.locator(f"[name='claimed-{first}']")
    field.fill("999")
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("999")
    for code, value in points.items():
        filer.page.locator(f"[name='claimed-{code}']").fill(value)
        filer.page.locator(f"[name='text-{code}']").fill(f"3月12日，在科技馆，举办活动 {code}，参加人员86人等。")
    filer.page.locator("[name='text-1.1']").blur()
    expect(filer.page.locator("[data-autosave-status]")).to_contain_text("已保存")
    filer.page.reload()
    for code, value in points.items():
        expect(filer.page.locator(f"[name='claimed-{code}']")).to_have_value(value)


def hand_in_materials(filer: Visitor, people: int) -> None:
    """The work summary from a file, the roster pasted from a table; a bad row is named and nothing is lost."""
    filer.click(filer.page.locator("a[href$='kind=summary']"))
    filer.page.locator("[name=file]").set_input_files(SUMMARY)  # type: ignore[arg-type]  # a file in memory
    press_main(filer)
    filer.says("工作总结.pdf")
    filer.follow("Back to the self-evaluation")
    filer.follow("Roster")
    rows = [f"科技志愿者\t示例{number}\t139000{number:05d}" for number in range(people)]
    filer.page.locator("[name=rows]").fill("\n".join([*rows[:-1], "科技志愿者\t示例\t12"]))
    press_main(filer)
    expect(filer.page.locator("[name=rows]")).to_have_value("\n".join([*rows[:-1], "科技志愿者\t示例\t12"]))
    filer.page.locator("[name=rows]").fill("\n".join(rows))
    press_main(filer)


def submit(filer: Visitor) -> None:
    """Check what is there, hand it in, get the receipt."""
    filer.go("Self-evaluation")
    filer.press("Check and submit")
    filer.press("Submit")
    filer.says("SHA-256")


def return_it(desk: Visitor, until: str) -> None:
    """The desk finds the unit in its tasks and sends it back: why, until when."""
    desk.go("Acceptance of materials")
    desk.click(desk.page.locator("tbody a.btn").first)
    desk.page.locator("[name=why]").fill("工作总结缺公章，请补正。")
    desk.page.locator("[name=until]").fill(until)
    desk.click(desk.page.locator("#return button").first)


def accept_it(desk: Visitor) -> None:
    """The desk accepts, after seeing which."""
    desk.go("Acceptance of materials")
    desk.page.locator("[name=ids]").first.check()
    press_main(desk)
    press_main(desk)
