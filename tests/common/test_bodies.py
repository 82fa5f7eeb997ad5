"""A body is no longer than its address takes: refused by its length before a byte of it is kept."""

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.models import Role
from common.bodies import BodyLimitMiddleware, longest_body, takes_files
from tests.access.test_every_url import PATTERNS
from tests.support.clients import browser_of
from tests.support.world import a_person

FORM = 1000
FILES = {"accounts-import", "units-import", "schemes", "materials", "roster", "incidents", "cycle-follow"}


class Untouched:
    """A body that must not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("a byte of the body was read")

    readline = read


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.MAX_FORM_BYTES, settings.MAX_UPLOAD_BYTES = FORM, 9 * FORM


def form(_request: object) -> HttpResponse:
    return HttpResponse()


@takes_files
def files(_request: object) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(
    ("view", "length", "fine"),
    [
        (form, "", True),
        (form, FORM, True),
        (form, FORM + 1, False),
        (form, "9" * 5000, False),
        (files, FORM + 1, True),
        (files, 10 * FORM, True),
        (files, 10 * FORM + 1, False),
    ],
)
def test_the_limit_is_that_of_the_address(view: Any, length: object, fine: bool) -> None:
    request = RequestFactory().post("/", CONTENT_LENGTH=str(length))
    gate = BodyLimitMiddleware(form)
    if fine:
        gate.process_view(request, view, (), {})
        return
    with pytest.raises(RequestDataTooBig):
        gate.process_view(request, view, (), {})


def test_addresses_that_take_files_are_those_with_a_file_in_their_form() -> None:
    assert {pattern.name for pattern in PATTERNS if getattr(pattern.callback, "takes_files", False)} == FILES


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/language/", "/password/"])
def test_what_is_too_large_gets_our_page_and_is_not_read(path: str) -> None:
    client = browser_of(a_person(Role.OFFICE))
    client.handler.enforce_csrf_checks = True
    answer = client.post(path, CONTENT_LENGTH=str(FORM + 1), **{"wsgi.input": Untouched()})
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.LEADER, 403), (Role.OFFICE, 413)])
def test_a_file_of_who_may_not_send_one_is_not_read(role: Role | None, status: int) -> None:
    client = browser_of(a_person(role)) if role else Client()
    client.handler.enforce_csrf_checks = True
    sent = longest_body() + 1 if role is Role.OFFICE else 2 * FORM
    answer = client.post("/accounts/import/", CONTENT_LENGTH=str(sent), **{"wsgi.input": Untouched()})
    assert answer.status_code == status
