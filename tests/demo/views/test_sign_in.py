"""A demo's sign-in page lists an account of each role, one click away."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.support.world import a_person

pytestmark = pytest.mark.django_db


def test_an_account_of_each_role_is_listed_and_filled_in_by_a_click(settings: Any) -> None:
    leader, office, second = a_person(Role.LEADER), a_person(Role.OFFICE), a_person(Role.OFFICE)
    page = Client().get(reverse("sign-in"), {"as": office.username})
    listed = [account.username for account in page.context["demo_accounts"]]
    assert listed == [office.username, leader.username] and second.username not in listed
    assert page.context["form"]["username"].value() == office.username
    assert settings.DEMO_PASSWORD in page.content.decode()
