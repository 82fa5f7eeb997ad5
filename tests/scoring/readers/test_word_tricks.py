"""Word documents as offices leave them: rows and marks under revision, numbers and controls in tables."""

from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from scoring.engine.notice import Table, read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.readers.word import _numbering, add_list, numbered, saved


def document(*rows: tuple[str, ...]) -> tuple[Any, Any]:
    """A letter and one annex; returns the document and its table."""
    made = docx.Document()
    for line in (
        "关于2024年度考核的通知",
        "请于12月20日前报送。满分100分。",
        "测试市科协",
        "2024年12月1日",
        "附件1",
        "2024年度市级学会考核表",
    ):
        made.add_paragraph(line)
    table = made.add_table(len(rows), len(rows[0]))
    for place, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(place, column).text = text
    return made, table


def scheme_of(made: Any) -> SchemeRules:
    return read_notice(read_source("n.docx", saved(made)))


def points(made: Any) -> list[list[str]]:
    return [[str(part.points) for part in row.parts] for row in scheme_of(made).tracks[0].indicators]


def element(tag: str, *children: Any, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def mark_row(row: Any, tag: str) -> None:
    row._tr.insert(0, element("w:trPr", element(tag, id="1", author="甲", date="2024-12-01T00:00:00Z")))


@pytest.mark.parametrize(("tag", "rows"), [("w:del", 1), ("w:ins", 2)])
def test_a_row_under_revision_counts_as_if_all_were_accepted(tag: str, rows: int) -> None:
    made, table = document(("指标说明",), ("1.甲（100分）",), ("2.乙（10分）",))
    mark_row(table.rows[2], tag)
    assert len(points(made)) == rows


def wrapped(kind: str, child: Any) -> None:
    """Put an element under a revision or into a control, where it stands."""
    if kind == "w:sdt":
        control = element("w:sdt", element("w:sdtPr"), element("w:sdtContent"))
        child.addprevious(control)
        control[1].append(child)
    else:
        around = element(kind, id="7", author="甲")
        child.addprevious(around)
        around.append(child)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("w:ins", ["60"]),
        ("w:moveTo", ["60"]),
        ("w:sdt", ["60"]),
        ("w:smartTag", ["60"]),
        ("w:hyperlink", ["60"]),
        ("w:del", []),
        ("w:moveFrom", []),
    ],
)
def test_a_mark_inside_a_revision_or_control_counts_by_what_stays(kind: str, expected: list[str]) -> None:
    made, table = document(("指标说明",), ("1.甲",), ("2.乙（40分）",))
    paragraph = table.cell(1, 0).paragraphs[0]
    run = paragraph.add_run("（60分）")
    wrapped(kind, run._r)
    scheme = scheme_of(made)
    assert [str(part.points) for part in scheme.tracks[0].indicators[0].parts] == (expected or ["60"])
    assert scheme.tracks[0].indicators[0].implied is not bool(expected)


@pytest.mark.parametrize("level", ["row", "cell", "paragraph", "run"])
def test_a_control_around_anything_hides_nothing(level: str) -> None:
    made, table = document(("指标说明", "自评分"), ("1.甲（60分）", ""), ("2.乙（40分）", ""))
    cell = table.cell(1, 0)
    inside = {"row": table.rows[1]._tr, "cell": cell._tc, "paragraph": cell.paragraphs[0]._p}
    wrapped("w:sdt", inside.get(level, cell.paragraphs[0].runs[0]._r))
    assert points(made) == [["60"], ["40"]]


def test_text_split_into_runs_inside_a_number_is_one_number() -> None:
    made, table = document(("指标说明",), ("",), ("2.乙（40分）",))
    for piece in ("1", ".", "甲（", "6", "0", "分", "）"):
        table.cell(1, 0).paragraphs[0].add_run(piece)
    assert points(made) == [["60"], ["40"]]


def test_automatic_numbers_in_the_column_of_numbers_are_the_rows_numbers() -> None:
    made, table = document(("序号", "考核内容"), ("", "甲（60分）"), ("", "乙（40分）"))
    _numbering(made)
    add_list(made, "77")
    for place in (1, 2):
        numbered(table.cell(place, 0).paragraphs[0], "77")
    scheme = scheme_of(made)
    assert not [each for each in scheme.findings if "number" in each.code]
    assert [each.text for each in scheme.tracks[0].indicators] == ["甲（60分）", "乙（40分）"]


def test_an_automatic_number_that_skips_is_told() -> None:
    made, table = document(("指标说明",), ("甲（60分）",), ("乙（40分）",))
    _numbering(made)
    add_list(made, "77")
    add_list(made, "78", start="4")
    numbered(table.cell(1, 0).paragraphs[0], "77")
    numbered(table.cell(2, 0).paragraphs[0], "78")
    assert [(each.code, each.at) for each in scheme_of(made).findings if "number" in each.code] == [("numbering", "2")]


def test_merged_cells_across_and_down_at_once() -> None:
    made, table = document(
        ("类别", "", "考核内容", "分值"),
        ("组织", "党建", "1.甲", "30"),
        ("", "", "2.乙3次以上", "20"),
        ("科普", "活动", "3.丙", "50"),
        ("合计", "", "", "100"),
        ("加分项（不超过10分）", "", "", ""),
        ("表彰", "", "1.获奖（加1分/次）", ""),
    )
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 1))
    table.cell(4, 0).merge(table.cell(4, 2))
    table.cell(5, 0).merge(table.cell(5, 3))
    scheme = scheme_of(made)
    (track,) = scheme.tracks
    assert points(made) == [["30"], ["20"], ["50"]]
    assert [part.at_least for part in track.parts()] == [None, 3, None]
    assert (str(track.bonus_cap), [(each.code, each.kind) for each in track.adjustments]) == ("10", [("B1", "bonus")])
    assert not scheme.errors()


def test_rows_that_begin_later_than_the_table_keep_their_columns() -> None:
    made, table = document(("序号", "考核内容", "分值"), ("1", "甲", "60"), ("2", "乙", "40"))
    row = table.rows[2]._tr
    row.remove(row.findall(qn("w:tc"))[0])
    row.insert(0, element("w:trPr", element("w:gridBefore", val="1")))
    block = next(each for each in read_source("n.docx", saved(made)).blocks if isinstance(each, Table))
    assert [(cell.column, cell.text) for cell in block.rows[2].cells] == [(1, "乙"), (2, "40")]
    assert points(made) == [["60"], ["40"]]


def test_what_headers_footers_and_notes_say_is_not_the_notice_s() -> None:
    made, _table = document(("指标说明",), ("1.甲（100分）",))
    made.sections[0].header.paragraphs[0].text = "旧稿 2019年度 满分90分"
    made.sections[0].footer.paragraphs[0].text = "加分不超过1分"
    scheme = scheme_of(made)
    assert (scheme.year, str(scheme.tracks[0].full_marks), scheme.tracks[0].bonus_cap) == (2024, "100", None)


@pytest.mark.parametrize(("hidden", "expected"), [(True, [["100"]]), (False, [["100", "30"]]), (None, [["100", "30"]])])
def test_hidden_text_is_not_read_as_if_it_were_printed(hidden: bool | None, expected: list[list[str]]) -> None:
    made, table = document(("指标说明",), ("1.甲（100分）",))
    table.cell(1, 0).paragraphs[0].add_run("，旧版（30分）").font.hidden = hidden
    assert points(made) == expected


def boxed(paragraph: Any, text: str) -> None:
    """Anchor a text box in a paragraph: as today's programs write it, and beside it as older ones do."""
    today, older = (
        element("w:txbxContent", element("w:p", element("w:r", element("w:t")))) for _form in ("today's", "older")
    )
    for content in (today, older):
        content[0][0][0].text = text
    choice = OxmlElement("w:drawing")
    choice.append(today)
    names = {"mc": "http://schemas.openxmlformats.org/markup-compatibility/2006"}
    alternatives = paragraph._p.makeelement(f"{{{names['mc']}}}AlternateContent", nsmap=names)
    for name, content in (("Choice", choice), ("Fallback", older)):
        alternative = alternatives.makeelement(f"{{{names['mc']}}}{name}")
        alternative.append(content)
        alternatives.append(alternative)
    paragraph.add_run()._r.append(alternatives)


def test_a_text_box_in_a_cell_is_read_after_its_paragraph_and_once() -> None:
    made, table = document(("指标说明",), ("1.甲（60分）",), ("2.乙（20分）",))
    boxed(table.cell(2, 0).paragraphs[0], "丙（20分）")
    assert points(made) == [["60"], ["20", "20"]]


def test_a_text_box_of_the_letter_is_a_paragraph_of_its_own() -> None:
    made, _table = document(("指标说明",), ("1.甲（100分）",))
    boxed(made.paragraphs[2], "考核结果公示3个工作日。")
    assert scheme_of(made).publicity_working_days == 3
