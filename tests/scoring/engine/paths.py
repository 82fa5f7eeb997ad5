"""Where the engine's tests find the notices."""

from pathlib import Path

from scoring.engine.notice import read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source

FIXTURES = Path(__file__).parent / "fixtures"
NOTICE = Path(__file__).parents[3] / "scoring" / "notices" / "notice-2020.txt"
CITY = FIXTURES / "notice-2023-city.txt"
DOUBTS = FIXTURES / "notice-2021-doubts.txt"
SHORT = FIXTURES / "notice-2022-short.txt"


def scheme_of(path: Path) -> SchemeRules:
    return read_notice(read_source(path.name, path.read_bytes()))


def scheme_from(text: str) -> SchemeRules:
    return read_notice(read_source("notice.txt", text.encode()))


def annex(*rows: str, title: str = "2024年度市级学会考核表", letter: str = "", head: str = "指标说明") -> str:
    """A small notice: a letter, one annex, one column."""
    cells = "".join(f"\n\t{row}\n" for row in (head, *rows))
    return f"关于2024年度考核的通知\n\n{letter}\n\n测试市科协\n2024年12月1日\n\n附件1\n{title}\n{cells}"
