"""Every address with every role and with what belongs to others: nothing leaks, breaks or is forgotten."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role, User
from accounts.permissions import TABLE as ROLES
from accounts.permissions import Action
from tests.access.expectations import TABLE, Expect
from tests.access.scene import SECRET_NAME, SECRET_TEXT, Scene
from tests.support.clients import browser_of

REFUSED = (403, 404)
NO_SUCH_WAY = 405


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for page in found:
        if isinstance(page, URLResolver):
            yield from patterns(page.url_patterns)
        else:
            yield page


PATTERNS = list(patterns(get_resolver().url_patterns))
# They take what a form sends; opened by themselves they only lead to its page (test_no_dead_ends.py).
# Whose roster is fixed, and who was drawn from it (by ids), is published as it happens (R8).
NAMES_ARE_PUBLIC = {"public-draws", "public-draw"}
ONLY_POSTED = {pattern.name for pattern in PATTERNS if getattr(pattern.callback, "only_posted", False)}


def roles_with(action: Action) -> frozenset[Role]:
    return frozenset(Role) if action is Action.PUBLIC else ROLES[action]


def addresses(scene: Scene) -> list[tuple[str, Expect, str]]:
    return [
        (name, expect, reverse(name, kwargs=expect.at(scene) if expect.at else None)) for name, expect in TABLE.items()
    ]


def ask(client: Client, method: str, address: str) -> HttpResponseBase:
    """Ask, and forget what it changed."""
    with transaction.atomic():
        answer: HttpResponseBase = getattr(client, method)(address)
        transaction.set_rollback(True)
    return answer


def walk(scene: Scene, user: User | None) -> Iterator[tuple[str, Expect, str, HttpResponseBase]]:
    """Every address by the methods that it takes, as `user`; the session outlives what is forgotten."""
    client = browser_of(user)
    session = dict(client.cookies)
    for name, expect, address in addresses(scene):
        for method in ("post",) if name in ONLY_POSTED else ("get", "post"):
            for key, morsel in session.items():
                client.cookies[key] = morsel.value
            yield name, expect, method, ask(client, method, address)


def said(found: list[str]) -> None:
    assert not found, "\n".join(found)


def test_every_address_has_a_name_of_its_own_and_is_expected() -> None:
    names = [pattern.name for pattern in PATTERNS]
    said([f"{pattern.pattern} has no name" for pattern in PATTERNS if not pattern.name])
    said([f"{name} is given twice" for name in set(names) if names.count(name) > 1])
    said([f"{name} is not in tests/access/expectations.py" for name in names if name not in TABLE])
    said([f"{name} is expected but has no address" for name in TABLE if name not in names])


def test_every_view_names_the_action_that_is_expected_of_it() -> None:
    said(
        [
            f"{pattern.name}: {getattr(pattern.callback, 'access', None)} instead of {TABLE[pattern.name].action}"
            for pattern in PATTERNS
            if pattern.name in TABLE and getattr(pattern.callback, "access", None) != TABLE[pattern.name].action
        ]
    )


def test_strangers_are_asked_to_sign_in(scene: Scene) -> None:
    wrong = []
    for name, expect, method, answer in walk(scene, None):
        if expect.action is Action.PUBLIC:
            fine = answer.status_code < 500
        else:
            fine = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
        if not fine:
            wrong.append(f"{method} {name}: {answer.status_code}")
    said(wrong)


@pytest.mark.parametrize("role", Role)
def test_a_role_does_what_is_its_own_and_nothing_else(scene: Scene, role: Role) -> None:
    wrong = []
    for name, expect, method, answer in walk(scene, scene.people[role]):
        status = answer.status_code
        if role not in roles_with(expect.action):
            fine = status == 403
        elif expect.sees is not None and role not in expect.sees:
            fine = status in (*REFUSED, NO_SUCH_WAY)
        elif method == "get":
            fine = status in (200, 302, NO_SUCH_WAY)
        else:
            fine = status < 500
        if not fine:
            wrong.append(f"{method} {name}: {status}")
    said(wrong)


@pytest.mark.parametrize("role", [Role.FILER, Role.REVIEWER, Role.HEAD])
def test_what_belongs_to_others_does_not_exist(scene: Scene, role: Role) -> None:
    wrong = []
    for name, expect, method, answer in walk(scene, scene.foreigners[role]):
        status = answer.status_code
        if role not in roles_with(expect.action):
            fine = status == 403
        elif expect.at is None or expect.foreign:
            fine = status < 500
        else:
            fine = status in (*REFUSED, NO_SUCH_WAY)
        if not fine:
            wrong.append(f"{method} {name}: {status}")
        hides_names = role is Role.FILER and name not in NAMES_ARE_PUBLIC
        if SECRET_TEXT in (body := content(answer)) or (hides_names and SECRET_NAME in body):
            wrong.append(f"{method} {name} tells of another's unit")
    said(wrong)


@pytest.mark.parametrize("role", [Role.FILER, Role.REVIEWER])
def test_what_others_must_not_see_is_there_for_those_who_may(scene: Scene, role: Role) -> None:
    assert any(SECRET_TEXT in content(answer) for *_asked, answer in walk(scene, scene.people[role]))


def content(answer: HttpResponseBase) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(body).decode(errors="replace")


def test_somebody_without_a_role_gets_nothing(scene: Scene) -> None:
    nobody = User.objects.create_user("nobody", "secret", name="无")
    said(
        [
            f"{method} {name}: {answer.status_code}"
            for name, expect, method, answer in walk(scene, nobody)
            if expect.action is not Action.PUBLIC and answer.status_code != 403
        ]
    )
