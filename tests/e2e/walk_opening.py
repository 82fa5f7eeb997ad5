"""What the office does in the browser before a cycle runs: notice, findings, units, settings, opening."""

from datetime import date

from demo.world.setting import notice_of
from tests.e2e.steps_common import Visitor
from tests.e2e.walk_filing import press_main

DISTRICT, SOCIETY = "沙坪坝区科协", "市测试学会"


def import_the_notice(office: Visitor, year: int, issued: date) -> None:
    """A picture renamed to a notice is refused in words; the notice is read, and its doubts are confirmed at once."""
    office.go("Notices and schemes")
    field = office.page.locator("[name=notice]")
    field.set_input_files({"name": "通知.docx", "mimeType": "image/png", "buffer": b"\x89PNG\r\n"})  # type: ignore[arg-type]  # a file in memory
    press_main(office)
    office.says("文件并非 Word 文档")
    office.go("Notices and schemes")
    notice = {"name": "通知.txt", "mimeType": "text/plain", "buffer": notice_of(year, issued)}
    office.page.locator("[name=notice]").set_input_files(notice)  # type: ignore[arg-type]  # a file in memory
    press_main(office)
    office.says(str(year))
    for box in office.page.locator("input[name=ids]").all():
        box.check()
    press_main(office)
    office.page.locator("[name=reason]").fill("按条文确认。")
    press_main(office)


def list_the_units(office: Visitor) -> None:
    """Rows pasted from a table; what they would do is shown before it is done."""
    office.follow("Units")
    rows = [
        ["d01", DISTRICT, "district", "filer", "填报同志", "filer@example.org"],
        ["s01", SOCIETY, "society", "silent", "沉默同志", "silent@example.org"],
    ]
    office.page.locator("#import [name=rows]").fill("\n".join("\t".join(row) for row in rows))
    office.click(office.page.locator("#import button").first)
    office.says(DISTRICT)
    press_main(office)
    office.says(SOCIETY)


def enter_holidays(office: Visitor, year: int) -> None:
    """The order that says which days of January are worked."""
    office.go("The cycle")
    office.follow("Settings")
    office.follow("Holiday orders")
    office.page.locator("[name=year]").fill(str(year))
    office.page.locator("[name=order]").fill(f"国办发明电〔{year - 1}〕1号")
    office.page.locator("[name=off]").fill(f"{year}-01-01 {year}-01-03")
    press_main(office)
    office.says(f"国办发明电〔{year - 1}〕1号")


def open_the_cycle(office: Visitor) -> None:
    """The dates are looked at and kept; the office sees what will happen, and lets it."""
    office.go("The cycle")
    office.follow("Settings")
    press_main(office)
    office.go("The cycle")
    office.follow("Open the cycle")
    office.says("2")
    press_main(office)
    office.says(DISTRICT)
