"""What every answer carries: the headers that keep a page from being misused, and that nobody else keeps it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import Role
from common.front import CROWDED, PAGES
from tests.support.clients import browser_of
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def broken(*_args: object, **_kwargs: object) -> None:
    raise ZeroDivisionError


def a_client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


ANSWERS: dict[str, tuple[int, Callable[[], HttpResponseBase]]] = {
    "a page": (200, lambda: a_client().get("/sign-in/")),
    "a redirect": (302, lambda: a_client().get("/messages/")),
    "a file of ours": (200, lambda: a_client().get("/static/css/kaohe.css")),
    "nothing there": (404, lambda: a_client().get("/nowhere/")),
    "no file there": (404, lambda: a_client().get("/static/none.css")),
    "another way of asking": (405, lambda: Client().post("/public/")),
    "no token": (403, lambda: a_client().post("/sign-in/")),
    "a NUL": (400, lambda: a_client().get("/public/?q=%00")),
    "a NUL in a cookie": (400, lambda: Client(headers={"Cookie": r'sessionid="a\000b"'}).get("/public/")),
    "no form": (400, lambda: Client().post("/language/", "x", content_type="multipart/form-data; boundary=")),
    "a crowd": (503, lambda: Client().post("/sign-in/", **{CROWDED: PAGES})),
    "too large": (413, lambda: a_client().post("/language/", CONTENT_LENGTH="99999999")),
}


def is_safe(answer: HttpResponseBase) -> bool:
    policy = answer.headers.get("Content-Security-Policy", "")
    return "default-src 'none'" in policy and all(answer.headers.get(name) == value for name, value in ALWAYS.items())


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_has_the_headers(kind: str) -> None:
    status, answered = ANSWERS[kind]
    answer = answered()
    assert answer.status_code == status
    assert is_safe(answer), dict(answer.headers)


@pytest.mark.parametrize("kind", [kind for kind, (status, _answered) in ANSWERS.items() if status >= 400])
def test_every_refusal_is_a_page_of_ours(kind: str) -> None:
    answer: Any = ANSWERS[kind][1]()
    assert re.search(r"<h1>\s*\S+", answer.content.decode()) and "css/kaohe.css" in answer.content.decode()


def test_a_fault_of_ours_has_the_headers_and_our_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.publicity.views.public.public_publicities", broken)
    answer = a_client().get("/public/")
    assert answer.status_code == 500 and is_safe(answer) and b"<h1>" in answer.content


def test_a_name_that_is_not_ours_has_the_headers_and_our_page(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["kaohe.example"]
    answer = a_client().get("/public/", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and is_safe(answer) and b"<h1>" in answer.content


@pytest.mark.parametrize("path", ["/", "/public/", "/events/file/", "/nowhere/", "/review/", "/accounts/9/"])
def test_what_a_person_sees_who_is_signed_in_is_kept_by_nobody(path: str) -> None:
    answer = browser_of(a_person(Role.OFFICE)).get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_files_of_ours_are_kept_and_the_public_list_may_be() -> None:
    assert "no-store" not in a_client().get("/public/").headers.get("Cache-Control", "")
    kept = browser_of(a_person(Role.OFFICE)).get("/static/css/kaohe.css")
    assert "no-store" not in kept.headers.get("Cache-Control", "")
