"""Numbers in percent are found where a cell stands, whether it says so or follows the one before."""

from common.tables.shares import shares_in
from tests.support.workbooks import STYLES, relation

ROWS = '<row><c s="1"/><c/><c s="2"/></row><row r="5"><c r="AB5" s="1"/><c s="1"/></row><row><c s="3"/></row>'
BOOK = '<workbook xmlns:r="x"><sheets><sheet name="甲" r:id="r1"/><sheet name="乙" r:id="r2"/></sheets></workbook>'


def parts(styles: str = STYLES) -> dict[str, bytes]:
    texts = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/a.xml", "/xl/b.xml"),
        "xl/styles.xml": styles,
        "xl/worksheets/a.xml": f"<worksheet><sheetData>{ROWS}</sheetData></worksheet>",
        "xl/b.xml": '<x:worksheet xmlns:x="y"><x:row><x:c s="1"/></x:row></x:worksheet>',
    }
    return {name: text.encode() for name, text in texts.items()}


def test_each_sheet_has_its_places() -> None:
    assert shares_in(parts()) == {"甲": {(0, 0), (0, 2), (4, 27), (4, 28)}, "乙": {(0, 0)}}


def test_without_such_a_format_no_sheet_is_looked_through() -> None:
    assert shares_in(parts("<styleSheet><cellXfs><xf numFmtId='0'/></cellXfs></styleSheet>")) == {}
    assert shares_in({}) == {}
