"""From the notice's file to an open cycle in the browser; silent units are excluded, and one comes back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Membership, Role, User
from common import clock
from scoring.models import Cycle, Step
from tests.e2e import walk_judging, walk_opening
from tests.e2e.steps_common import PASSWORD, Stage
from tests.e2e.walk_filing import press_main
from workflow.flow.models import Assessment

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer() -> User:
    """Somebody of the office, the only account that there is."""
    user = User.objects.create_user("office", PASSWORD, name="办公室同志", email="office@example.org")
    Membership.objects.create(user=user, role=Role.OFFICE, since=clock.now() - timedelta(days=1))
    return user


def test_the_office_opens_a_cycle(stage: Stage, officer: User) -> None:
    """No page bars anybody, scrolls sideways, errs, or asks another server; the deadline and its exception work."""
    office = stage.signing_in(officer)
    year = (clock.today() + timedelta(days=10)).year
    walk_opening.import_the_notice(office, year, clock.today())
    walk_opening.list_the_units(office)
    walk_opening.enter_holidays(office, year + 1)
    walk_opening.open_the_cycle(office)
    assert Cycle.objects.get(year=year).is_open

    walk_judging.pass_deadline(office)
    assert set(Assessment.objects.values_list("step", flat=True)) == {Step.EXCLUDED}
    office.go("The cycle")
    office.page.locator("tbody [name=ids]").first.check()
    office.click(office.page.locator("[formaction$='/extensions/'], .bar a[href*='extensions']").first)
    office.page.locator("[name=day]").fill(f"{year + 1}-01-20")
    office.page.locator("[name=why]").fill("网络故障，经核实。")
    press_main(office)
    office.go("Messages")
    expect(office.page.locator("h1")).to_be_visible()
    assert sorted(Assessment.objects.values_list("step", flat=True)) == sorted([Step.EXCLUDED, Step.SELF_EVALUATION])
    assert not stage.problems, "\n".join(stage.problems)
