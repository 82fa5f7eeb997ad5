"""Every page as every role sees it: its links open, its tables and forms say what they are, its language is one."""

import re
from typing import Any

import pytest

from tests.workflow.pages.walked import HAN, LATIN, Page, Piece

pytestmark = pytest.mark.django_db
# The marks and units that Chinese texts hold as they are; the button for English and the demo's password.
SIGNS = frozenset(
    {"CSV", "csv", "docx", "Excel", "MB", "PDF", "SHA", "txt", "Word", "xlsx", "ZIP", "English", "kaohe", "demo"}
)
# Pages that are a document or a mail: their language is not the reader's.
DOCUMENTS = frozenset({"demo-mail", "demo-message", "message", "messages", "notice"})
# The mark of the house, the button for Chinese, how a name is masked.
IN_ENGLISH = frozenset({"考核", "中文", "样"})
AS_TYPED = frozenset({"code", "script", "style"})
SHORTENED = re.compile(r"\w*…")


def said(faults: list[str]) -> None:
    assert not faults, "\n".join(sorted(set(faults)))


def ours(page: Page) -> list[Piece]:
    """The texts of a page, without what is to be typed or run."""
    return [piece for piece in page.pieces if not AS_TYPED & set(piece.around)]


@pytest.mark.parametrize("role", ["stranger", "filer", "reviewer", "head", "office"])
def test_no_link_leads_where_the_role_may_not_go(walk: dict[str, Any], role: str) -> None:
    said([line for line in walk["dead"] if line.startswith(f"{role} ")])


def test_no_english_is_left_on_a_chinese_page(walk: dict[str, Any], chinese: list[Page]) -> None:
    known = SIGNS | {"English", "kaohe", "demo"} | walk["stored"]
    strange = {
        (word, page.name, piece.words)
        for page in chinese
        if page.name not in DOCUMENTS
        for piece in ours(page)
        for word in LATIN.findall(piece.words)
        if word not in known and not _is_a_code(word)
    }
    said([f"{name}: “{word}” in “{words}”" for word, name, words in strange])


def _is_a_code(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def test_no_chinese_is_left_on_an_english_page(walk: dict[str, Any], english: list[Page]) -> None:
    known = IN_ENGLISH | walk["stored"]
    strange = {
        (run, page.name, piece.words)
        for page in english
        if page.name not in DOCUMENTS
        for piece in ours(page)
        for run in HAN.findall(SHORTENED.sub("", piece.words))
        if run not in known
    }
    said([f"{name}: “{run}” in “{words}”" for run, name, words in strange])


def test_an_english_page_says_that_it_is_english(english: list[Page]) -> None:
    said([str(page) for page in english if page.of("html")[0].attributes.get("lang") != "en"])


def test_both_languages_have_the_same_pages_with_the_same_elements(chinese: list[Page], english: list[Page]) -> None:
    in_english = {str(page): page for page in english}
    assert set(in_english) == {str(page) for page in chinese}
    faults = []
    for page in chinese:
        for name in () if page.name in DOCUMENTS else ("form", "table", "th", "h2", "input", "button"):
            here, there = len(page.of(name)), len(in_english[str(page)].of(name))
            faults += [f"{page}: {here} and {there} {name}"] if here != there else []
    said(faults)


def test_every_heading_of_a_table_names_a_column_or_says_that_it_names_a_row(chinese: list[Page]) -> None:
    said(
        [
            f"{page}: {tag.attributes}"
            for page in chinese
            for tag in page.of("th")
            if "thead" not in tag.around and tag.attributes.get("scope") != "row"
        ]
    )


def test_every_table_has_its_headings_or_is_a_plain_list_of_facts(chinese: list[Page]) -> None:
    faults = []
    for page in chinese:
        tables, heads = len(page.of("table")), len(page.of("thead"))
        faults += [f"{page}: {tables} tables, {heads} heads"] if tables != heads else []
    said(faults)


def test_every_form_that_changes_something_brings_its_token(chinese: list[Page]) -> None:
    faults = []
    for page in chinese:
        posting = [tag for tag in page.of("form") if tag.attributes.get("method", "").lower() == "post"]
        tokens = [tag for tag in page.of("input") if tag.attributes.get("name") == "csrfmiddlewaretoken"]
        faults += [f"{page}: {len(posting)} forms, {len(tokens)} tokens"] if len(posting) > len(tokens) else []
    said(faults)


def test_every_form_with_a_file_sends_it(chinese: list[Page]) -> None:
    said(
        [
            f"{page}: a file, and no form that sends one"
            for page in chinese
            if [tag for tag in page.of("input") if tag.attributes.get("type") == "file"]
            and not [tag for tag in page.of("form") if tag.attributes.get("enctype") == "multipart/form-data"]
        ]
    )


def test_what_describes_a_field_is_on_the_page(chinese: list[Page]) -> None:
    faults = []
    for page in chinese:
        ids = {tag.attributes["id"] for tag in page.tags if "id" in tag.attributes}
        for tag in page.tags:
            for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "form"):
                gone = set(tag.attributes.get(name, "").split()) - ids
                faults += [f"{page}: {tag.name} {name}={', '.join(gone)}"] if gone else []
    said(faults)


def test_every_button_and_link_has_words(chinese: list[Page]) -> None:
    faults = []
    for page in chinese:
        for name in ("a", "button"):
            for found in re.findall(rf"<{name}\b([^>]*)>(.*?)</{name}>", page.source, re.S):
                attributes, inside = found
                if not re.sub(r"<[^>]*>", "", inside).strip() and "aria-label" not in attributes:
                    faults.append(f"{page}: <{name}{attributes}>")
    said(faults)


def test_every_page_has_a_way_past_its_navigation(chinese: list[Page]) -> None:
    faults = []
    for page in chinese:
        main = [tag.attributes.get("id") for tag in page.of("main")]
        first = next((tag.attributes.get("href") for tag in page.of("a")), None)
        faults += [f"{page}: {first}"] if page.of("nav") and first not in {f"#{name}" for name in main} else []
    said(faults)


def test_days_are_never_said_as_a_computer_does(chinese: list[Page], english: list[Page]) -> None:
    """But for records, which give an instant to the second, and the example of what is to be typed."""
    raw = re.compile(r"\d{4}-\d{2}-\d{2}|T\d{2}:\d{2}|\bUTC\b|\b(?:noon|midnight)\b|[ap]\.m\.")
    said(
        [
            f"{page}: {piece.words}"
            for page in (*chinese, *english)
            if page.name not in {"holidays", "receipt", "assessment", "events"}
            for piece in ours(page)
            if raw.search(piece.words)
        ]
    )


def test_no_number_has_more_than_two_decimals_or_an_exponent(chinese: list[Page]) -> None:
    long = re.compile(r"(?<![\w.])\d+\.\d{3,}(?![\w.])|\d[eE][+-]\d|Decimal\(")
    said([f"{page}: {piece.words}" for page in chinese for piece in ours(page) if long.search(piece.words)])


def test_a_score_in_a_table_is_set_as_a_number(chinese: list[Page]) -> None:
    cell = re.compile(r"<td\b([^>]*)>\s*(-?\d+\.\d\d)\s*</td>")
    found = [(page, *cell_found) for page in chinese for cell_found in cell.findall(page.source)]
    assert found
    said([f"{page}: {value}" for page, attributes, value in found if not re.search(r'class="[^"]*\bn\b', attributes)])
