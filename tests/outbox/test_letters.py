"""A letter is a template: its first line the subject, the rest the text, for a mail program and not for a page."""

from django.utils import translation

from documents.models import ResultNotice
from outbox.letters import said
from outbox.models import DUE


def test_the_first_line_is_the_subject_and_nothing_is_escaped() -> None:
    notice = ResultNotice(title="关于印发《<2020> & 考核》的通知", number="渝科协〔2021〕3号")
    with translation.override("zh-hans"):
        subject, body = said("notice_issued", notice=notice)
    assert subject == "关于印发《<2020> & 考核》的通知"
    assert body == "考核通报 渝科协〔2021〕3号 已印发，请查阅并确认收到。"


def test_a_letter_speaks_the_language_that_is_active() -> None:
    notice = ResultNotice(title="Results", number="3")
    with translation.override("en"):
        assert said("receipt_missing", notice=notice, due=DUE)[0] == "Please confirm receipt: Results"
