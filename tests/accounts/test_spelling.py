"""One person is one, whatever was typed between the letters and digits; two people stay two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.spelling import in_sight, marks_in, person_key, spelled_line, spelled_name, spelled_phone
from common.tables.heads import TableRow
from documents.services.roster import people_of

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4)
UNSEEN = ["", "", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\u3164", "\U000e0100"]
DOT = st.sampled_from(["·", "•", "．", "・", "･", "‧", "∙", "⋅", ".", "·•", " · ", "・ "])
DIGITS = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
AROUND = ["", "\u202d", "\u202c", "\u200e", " ", "-", "\u2011", "\xa0", "\ufeff"]


@st.composite
def strewn(draw: st.DrawFn, text: str, marks: list[str]) -> str:
    """The text with marks between its letters."""
    return "".join(letter + draw(st.sampled_from(marks)) for letter in text)


@st.composite
def one_person(draw: st.DrawFn) -> list[tuple[str, str]]:
    """The name and phone of one person, typed in two ways."""
    first, last, digits = draw(HAN), draw(HAN), draw(DIGITS)
    ways = []
    for _time in range(2):
        name = draw(strewn(first, [*UNSEEN, " ", "\u3000"])) + draw(DOT) + draw(strewn(last, UNSEEN))
        phone = draw(st.sampled_from(["", "+86", "0086", "\u202d+86 "])) + draw(strewn(digits, AROUND))
        wide = phone.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        ways.append((name, draw(st.sampled_from([phone, wide]))))
    return ways


@given(one_person())
def test_every_way_to_type_a_person_is_one_person(ways: list[tuple[str, str]]) -> None:
    assert len({(spelled_name(name), spelled_phone(phone)) for name, phone in ways}) == 1
    assert len({person_key(name, phone) for name, phone in ways}) == 1
    people = [people_of([TableRow(1, ("志愿者", *way))], ()) for way in ways]
    assert people[0] == people[1]


@given(HAN, HAN, DIGITS, DIGITS)
def test_two_people_stay_two(name: str, other: str, phone: str, another: str) -> None:
    assert (person_key(name, phone) == person_key(other, another)) == (
        spelled_name(name) == spelled_name(other) and phone == another
    )


@given(st.text(max_size=30))
def test_what_is_spelled_once_stays(text: str) -> None:
    assert spelled_name(spelled_name(text)) == spelled_name(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("欧阳 修远", "欧阳修远"),
        ("Ann  Lee", "Ann Lee"),
        ("Ａｎｎ Lee", "Ann Lee"),
        ("José Lee", "José Lee"),
        ("J. Smith", "J. Smith"),
        ("张\u202e三", "张\u202e三"),
        ("𠮷田", "𠮷田"),
        ("·张三·", "张三"),
    ],
)
def test_names_as_people_write_them(typed: str, name: str) -> None:
    assert spelled_name(typed) == name


def test_letters_of_another_case_and_digits_of_another_script_are_the_same() -> None:
    assert person_key("Ann Lee", "13900000001") == person_key("ann-lee", "١٣٩٠٠٠٠٠٠٠١")


def test_the_name_of_an_account_over_several_lines_is_left_to_be_refused() -> None:
    assert spelled_line("张\n三") == "张\n三" and spelled_line("张 三") == "张三"


def test_what_cannot_be_seen_is_named_and_shown() -> None:
    assert marks_in("\u202d139\u202c\u202d 1") == ["U+202D", "U+202C"]
    assert in_sight("\u202d139 1") == "‹U+202D›139 1"
