"""Units of a cycle: pasted, uploaded, added, copied, renamed and taken out, always after a page that names them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.services import save_place
from common.errors import DomainError
from scoring.models import ScoreSheet
from tests.support.world import a_cycle

pytestmark = pytest.mark.django_db
ROWS = (
    "代码\t名称\t组别\t用户名\t姓名\t邮箱\n"
    "q1\t甲区科协\tdistrict\tjia\t张三\tjia@example.org\n"
    "x1\t物理学会\t市级学会（协会、研究会）\t\t\t"
)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: object) -> str:
    return reverse(name, args=[2026, *args])


def test_rows_are_looked_through_first_and_then_imported() -> None:
    world = a_cycle()
    client = signed_in(world.office)
    page = client.post(url("units-import"), {"rows": ROWS})
    assert [item["label"] for item in page.context["items"]] == ["甲区科协", "物理学会"]
    assert not ScoreSheet.objects.exists()
    assert client.post(url("units-import"), {"rows": page.context["rows"], "confirmed": "1"}).status_code == 302
    assert set(ScoreSheet.objects.values_list("unit__code", "track__code")) == {("q1", "district"), ("x1", "society")}
    filer = User.objects.get(username="jia")
    assert (filer.name, filer.email, filer.has_usable_password()) == ("张三", "jia@example.org", False)
    assert Membership.objects.get(user=filer).unit.code == "q1"


def test_each_wrong_row_is_named_and_nothing_is_imported() -> None:
    world = a_cycle().with_units(1)
    held = ScoreSheet.objects.get().unit.code
    rows = f"{held}\t再来\tdistrict\na\t\tdistrict\nb\t乙\tnowhere\nc\t丙\tdistrict\tu\t人\tno-mail\n"
    rows += "d\t丁\tdistrict\nd\t丁\tdistrict"
    page = signed_in(world.office).post(url("units-import"), {"rows": rows, "confirmed": "1"})
    assert len(page.context["reading"].problems) == 5
    assert ScoreSheet.objects.count() == 1


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"no"), ("a.csv", b"\x00\xff\x00")])
def test_a_file_that_is_none_is_refused_at_its_field(name: str, content: bytes) -> None:
    world = a_cycle()
    answer = signed_in(world.office).post(url("units-import"), {"file": SimpleUploadedFile(name, content)})
    assert "file" in answer.context["import_form"].errors


def test_the_code_of_a_unit_that_took_part_stays_since_draws_and_seals_are_redone_with_it() -> None:
    world = a_cycle().with_units(1)
    unit = ScoreSheet.objects.get().unit
    save_place(place=unit, code="before", name=unit.name, by=world.office)
    world.opened()
    with pytest.raises(DomainError) as refused:
        save_place(place=unit, code="after", name=unit.name, by=world.office)
    assert refused.value.field == "code"
    save_place(place=unit, code="before", name="新名", by=world.office)
    unit.refresh_from_db()
    assert (unit.code, unit.name) == ("before", "新名")


@pytest.mark.both
def test_nothing_changes_once_the_cycle_is_open() -> None:
    world = a_cycle().with_units(1).opened()
    client, sheet = signed_in(world.office), ScoreSheet.objects.get()
    client.post(url("unit-add"), {"code": "n", "name": "新", "track": "district"})
    client.post(url("units-remove"), {"ids": [sheet.pk], "confirmed": "1"})
    client.post(url("unit-change", sheet.pk), {"name": "改名", "track": sheet.track_id})
    client.post(url("units-import"), {"rows": ROWS, "confirmed": "1"})
    assert list(world.cycle.sheets.values_list("unit_name", flat=True)) == [sheet.unit_name]
    assert client.get(url("units")).context["editable"] is False
