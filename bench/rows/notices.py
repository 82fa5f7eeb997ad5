"""Reading a notice of a hundred pages, as text and as Word."""

import statistics
import time
from collections.abc import Iterator, Sequence

from bench.row import Goal, Row
from bench.timing import settle
from documents.official.annex import scheme_docx
from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source

PAGES = 100
TABLES, ROWS, PARAGRAPHS = 60, 50, 5  # annexes, rows of each, paragraphs of the letter for each
TIMES = 3
Notice = tuple[str, bytes]


def reading(_quick: bool) -> Iterator[Row]:
    """A letter of 300 paragraphs and 60 annexes of 50 rows each, 3,000 in all."""
    texts = [as_text(TABLES, edition) for edition in range(TIMES)]
    words = [
        ("notice.docx", scheme_docx(read_notice(read_source(*as_text(TABLES, TIMES + edition)))))
        for edition in range(TIMES)
    ]
    for work, notices in (("read_notice_text", texts), ("read_notice_word", words)):
        yield Row(work=work, n=PAGES, ours=seconds(notices), unit="s", goal=Goal(most=2))


def as_text(tables: int, edition: int) -> Notice:
    """A notice of so many annexes, whose words no other edition has: nothing is known of them from a reading before."""
    lines = ["关于开展2024年度科协工作考核的通知", "各单位："]
    lines += [
        f"（{number}）各单位要按照要求开展第{edition}批第{number}项工作，总结经验，形成报告，推动科普工作高质量发展。"
        for number in range(1, tables * PARAGRAPHS + 1)
    ]
    lines += ["请于12月10日前报送材料。", "某县科学技术协会", "2024年11月1日"]
    for annex in range(1, tables + 1):
        lines += ["", f"附件{annex}", f"2024年度第{annex}类单位科协工作考核表（总分100分）"]
        lines += ["", "\t序号", "\t考核内容", "\t分值", "\t评分标准"]
        for row in range(1, ROWS + 1):
            words = f"开展第{edition}批第{annex}类第{row}项科普活动3次以上，组织志愿服务，参加培训"
            lines += ["", f"\t{row}", f"\t{words}", "\t2", "\t每少1次扣0.5分，扣完为止；未开展的不得分"]
    return "notice.txt", "\n".join(lines).encode()


def seconds(notices: Sequence[Notice]) -> float:
    """Seconds from a file to the scheme with its findings: the median of these."""
    spent = []
    for notice in notices:
        settle()
        start = time.perf_counter()
        read_notice(read_source(*notice))
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


WORKS = {"read_notice": reading}
