"""The command `import_notice` at the shell: streams, exit codes and files for good, doubtful and hostile notices."""

import json
from pathlib import Path

import pytest

from scoring.engine.notice import from_text
from scoring.models import Cycle, Finding, Scheme
from tests.scoring.commands.running import Run, write
from tests.scoring.engine.paths import CITY, FIXTURES, annex
from tests.scoring.readers.word import build
from tests.support.world import a_cycle

PROVINCE = FIXTURES / "notice-2025-province.txt"
LETTER = "请于12月20日前报送总结。材料报办公室。等次分为优秀、合格。满分100分，加减分均不超过10分。公示5个工作日。"
UNREAD = annex("1.甲（5-8分）", "2.乙（60分）", "加分项", "1.丙加分", letter=LETTER)


def test_json_alone_stands_on_standard_output_and_in_the_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "scheme.json"
    outcome = run("import_notice", PROVINCE, "--json", "--out", out)
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8")) == outcome.json
    assert [track["code"] for track in outcome.json["tracks"]] == [
        "district",
        "society",
        "enterprise",
        "university",
        "annex-5",
    ]


def test_what_it_prints_is_a_scheme_that_score_takes(run: Run, tmp_path: Path) -> None:
    scheme = tmp_path / "scheme.json"
    assert run("import_notice", PROVINCE, "--out", scheme).code == 0
    unit = {"unit": "甲", "track": "annex-5", "parts": {"1.1": "66.6", "2.1": "20"}}
    (result,) = run("score", scheme, write(tmp_path / "u.json", [unit]), "--json").json
    assert (result["total"], result["rank"]) == ("86.60", 1)


def test_each_error_is_a_line_with_file_track_and_row_and_the_scheme_is_printed(run: Run, tmp_path: Path) -> None:
    notice = write(tmp_path / "notice.txt", UNREAD)
    outcome = run("import_notice", notice, "--json")
    errors = [each for each in outcome.json["findings"] if each["severity"] == "error"]
    assert [(each["code"], each["at"]) for each in errors] == [
        ("unread", "1"),
        ("points-mismatch", None),
        ("unread", "B1"),
    ]
    assert outcome.code == 1
    assert outcome.lines == [
        f"{notice}: {' '.join(filter(None, (each['track'], each['at'])))}: {each['message']}" for each in errors
    ]
    assert "5-8分" in outcome.lines[0]
    (row, other) = outcome.json["tracks"][0]["indicators"]
    assert (row["points"], row["parts"], row["implied"], other["points"]) == (None, [], False, "60")


def test_a_scheme_with_errors_scores_nobody(run: Run, tmp_path: Path) -> None:
    scheme = tmp_path / "scheme.json"
    assert run("import_notice", write(tmp_path / "notice.txt", UNREAD), "--out", scheme).code == 1
    outcome = run("score", scheme, write(tmp_path / "u.json", [{"unit": "甲", "track": "society"}]), "--json")
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 3)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("n.txt", b""),
        ("n.docx", b""),
        ("n.txt", b"\xef\xbb\xbf"),
        ("n.txt", b"\r\n\r\n"),
        ("n.txt", b"\t\t\t\n"),
        ("n.txt", bytes(range(256))),
        ("n.docx", b"PK\x03\x04" + bytes(100)),
        ("n.txt", b"\xff\xfe1\x00"),
        ("n.doc", b"\xd0\xcf\x11\xe0" + bytes(512)),
        ("n.json", b'{"tracks": []}'),
        ("n.txt", "关于考核的通知\n附件1\n学会考核表\n".encode()),
        ("n.txt", "附件1\n名册\n\n\t姓名\n".encode()),
        ("n.txt", "附件1\n学会考核表\n\n\t指标说明\n".encode()),
        ("n.docx", "附件1\n学会考核表\n\n\t1.甲（100分）\n".encode()),
    ],
)
def test_what_is_no_notice_gets_one_line_and_no_scheme(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    notice, out = write(tmp_path / name, content), tmp_path / "out.json"
    outcome = run("import_notice", notice, "--json", "--out", out)
    assert (outcome.code, outcome.out, len(outcome.lines), out.exists()) == (1, "", 1, False)
    assert name in outcome.lines[0]


@pytest.mark.parametrize("out", ["", ".", "no/such/folder/x.json", "a\0b", "x" * 5000])
def test_a_file_that_can_not_be_written_is_told(run: Run, out: str) -> None:
    outcome = run("import_notice", PROVINCE, "--json", "--out", out)
    assert (outcome.code, outcome.out, len(outcome.lines)) == (1, "", 1)


def test_a_word_document_under_any_name_is_read(run: Run, tmp_path: Path) -> None:
    content = build(from_text("n.txt", PROVINCE.read_text()), inserted=True, controls=True)
    outcome = run("import_notice", write(tmp_path / "通知.TXT", content), "--json")
    assert (outcome.code, outcome.json) == (0, run("import_notice", PROVINCE, "--json").json)


def test_the_table_tells_every_track_row_and_doubt(run: Run) -> None:
    outcome = run("import_notice", PROVINCE)
    body = run("import_notice", PROVINCE, "--json").json
    for track in body["tracks"]:
        assert track["name"] in outcome.out
    for finding in body["findings"]:
        assert finding["message"] in outcome.out
    assert outcome.code == 0 and "2026-01-15" in outcome.out


@pytest.mark.django_db
def test_a_notice_with_errors_is_kept_as_a_draft_with_its_findings_open(run: Run, tmp_path: Path) -> None:
    outcome = run("import_notice", write(tmp_path / "notice.txt", UNREAD), "--load", "--json")
    cycle = Cycle.objects.get(year=2024)
    assert (outcome.code, len(outcome.lines), cycle.opened_at) == (1, 3, None)
    stored = Finding.objects.filter(scheme__cycle=cycle, severity="error").values_list("code", "at")
    assert sorted(stored) == [("points-mismatch", ""), ("unread", "1"), ("unread", "B1")]
    assert Scheme.objects.get(cycle=cycle).body == outcome.json


@pytest.mark.django_db
def test_loading_again_replaces_the_draft_and_no_load_touches_nothing(run: Run, tmp_path: Path) -> None:
    run("import_notice", write(tmp_path / "notice.txt", UNREAD), "--load")
    mended = UNREAD.replace("5-8分", "40分").replace("丙加分", "丙加1分")
    assert run("import_notice", write(tmp_path / "mended.txt", mended), "--load").code == 0
    assert not Finding.objects.filter(severity="error").exists()
    assert run("import_notice", CITY).code == 0
    assert list(Scheme.objects.values_list("source_name", flat=True)) == ["mended.txt"]


@pytest.mark.django_db
def test_the_scheme_of_an_open_cycle_is_never_replaced(run: Run, tmp_path: Path) -> None:
    a_cycle().with_units(1).opened()
    before = Scheme.objects.get(cycle__year=2026).sha256
    text = annex("1.甲（100分）", letter=LETTER).replace("2024", "2026")
    notice = write(tmp_path / "n.txt", text)
    outcome = run("import_notice", notice, "--load", "--json")
    assert (outcome.code, len(outcome.lines), outcome.json["year"]) == (1, 1, 2026)
    assert outcome.lines[0].startswith(f"{notice}: ") and "2026" in outcome.lines[0]
    assert Scheme.objects.get(cycle__year=2026).sha256 == before


@pytest.mark.django_db
def test_a_notice_without_a_year_is_printed_and_not_loaded(run: Run, tmp_path: Path) -> None:
    notice = write(tmp_path / "n.txt", "附件\n学会考核表\n\n\t指标\n\n\t1.甲（100分）\n")
    outcome = run("import_notice", notice, "--load", "--json")
    assert (outcome.code, outcome.json["year"], Scheme.objects.count()) == (1, None, 0)
    assert all(line.startswith(f"{notice}: ") for line in outcome.lines)


def test_several_hundred_rows_are_read_in_their_order(run: Run, tmp_path: Path) -> None:
    rows = [f"{number}.工作{number}（1分）" for number in range(1, 100)]
    outcome = run("import_notice", write(tmp_path / "n.txt", annex(*rows, "100.其他", letter=LETTER)), "--json")
    assert outcome.code == 0
    assert [each["code"] for each in outcome.json["tracks"][0]["indicators"]] == [str(at) for at in range(1, 101)]
    assert [each["at"] for each in outcome.json["findings"] if each["code"] == "implied-points"] == ["100"]


def test_wrong_usage_leaves_with_two(run: Run) -> None:
    for words in ((), (CITY, "--out"), (CITY, "--yaml")):
        outcome = run("import_notice", *words)
        assert (outcome.code, outcome.out) == (2, "") and "usage" in outcome.err


def test_annexes_in_files_of_their_own_follow_the_letter(run: Run, tmp_path: Path) -> None:
    first = write(tmp_path / "学会.txt", "附件1\n学会考核表\n\t考核内容\n\t1.建立制度（100分）\n")
    letter = write(tmp_path / "通知.txt", "关于开展2024年度考核工作的通知\n请于12月31日前报送。\n")
    outcome = run("import_notice", first, letter, "--json")
    assert [track["name"] for track in outcome.json["tracks"]] == ["学会"]
    assert (outcome.json["year"], outcome.json["deadline"]) == (2024, "2024-12-31")
