"""What the leading group, the public and the units do in the browser: grade, sign, publish, object, issue, confirm."""

from playwright.sync_api import expect

from tests.e2e.steps_common import PASSWORD, Stage, Visitor
from tests.e2e.walk_filing import press_main


def submit_board(office: Visitor) -> None:
    """The office puts the track before the leading group."""
    office.go("Approval by the leading group")
    office.click(office.page.locator("a[href^='/boards/new/']").first)
    for box in office.page.locator("#submit input[type=checkbox]").all():
        box.check()
    press_main(office)


def sign(chief: Visitor) -> None:
    """Grades are given, the password asked again, the list signed."""
    chief.go("Approval by the leading group")
    chief.click(chief.page.locator("tbody a[href^='/boards/']").first)
    chief.page.locator("select[name^='grade']").first.select_option("一等")
    expect(chief.page.locator("[data-autosave-status]")).to_contain_text("已保存")
    chief.page.reload()
    press_main(chief)
    chief.page.locator("[name=password]").fill(PASSWORD)
    press_main(chief)
    chief.says("SHA-256")


def publish(office: Visitor) -> None:
    """Both end dates are seen before it is public."""
    office.go("Publicity and objections")
    office.click(office.page.locator("a[href^='/publicities/new/']").first)
    office.page.locator("[name=first_day]").first.check()
    press_main(office)
    office.follow("Kaohe: my tasks")  # the public page that follows leads back


def object_publicly(stage: Stage, unit: str) -> None:
    """Somebody without an account reads the list and objects under their name."""
    stranger = stage.visitor()
    stranger.open("/public/")
    stranger.click(stranger.page.locator("main a[href^='/public/']").first)
    stranger.says(unit)
    press_main(stranger)
    stranger.page.locator("[name=kind][value=person]").check()
    for name, value in (
        ("name", "示例人"),
        ("contact", "19900000000"),
        ("workplace", "示例单位"),
        ("text", "第一项活动少计一次，请复核。"),
    ):
        stranger.page.locator(f"[name={name}]").fill(value)
    if stranger.page.locator("select[name=sheet]").count():
        stranger.page.locator("select[name=sheet]").select_option(label=unit)
    press_main(stranger)
    expect(stranger.page.locator("main")).not_to_contain_text("19900000000")


def dismiss(office: Visitor) -> None:
    """The office answers the objection."""
    office.go("Publicity and objections")
    office.click(office.page.locator("a[href^='/objections/']").first)
    office.page.locator("[name=decision][value=dismissed]").check()
    office.page.locator("[name=answer]").fill("经核查，评分有据。")
    press_main(office)


def issue(office: Visitor, number: str) -> None:
    """The letter is drafted, previewed, issued; the file is a Word document."""
    office.go("Notices of results")
    press_main(office)
    office.page.locator("[name=number]").fill(number)
    press_main(office)
    press_main(office)
    office.says(number)
    with office.page.expect_download() as download:
        office.page.locator("a[href$='/file/']").first.click()
    with open(download.value.path(), "rb") as file:
        assert file.read(2) == b"PK"


def confirm(filer: Visitor) -> None:
    """The unit reads its result and confirms that it has the notice."""
    filer.go("Results and notices")
    press_main(filer)
    filer.go("Results and notices")
    expect(filer.page.locator("form[action$='/confirm/']")).to_have_count(0)
