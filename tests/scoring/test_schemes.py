"""The office imports a notice, settles its findings and corrects the draft, through the pages."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import Event
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.engine.edit import Edit
from scoring.models import Cycle, Scheme, Track
from scoring.services.editing import edit_scheme
from scoring.services.starting import start_scheme
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
NOTICE = Path(__file__).parents[2] / "scoring" / "notices" / "notice-2020.txt"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client: Client, content: bytes, name: str = "notice.txt", **fields: object):
    return client.post(reverse("schemes"), {"notice": SimpleUploadedFile(name, content), **fields})


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE)


@pytest.fixture
def imported(office: User) -> Scheme:
    answer = upload(signed_in(office), NOTICE.read_bytes())
    assert answer.status_code == 302, answer.context["form"].errors
    return Scheme.objects.get(cycle__year=2020)


@pytest.mark.both
def test_the_notice_becomes_a_draft_with_four_tracks_and_its_findings(imported: Scheme, office: User) -> None:
    assert [track.code for track in imported.cycle.tracks.all()] == ["district", "society", "enterprise", "university"]
    page = signed_in(office).get(reverse("scheme", args=[2020]))
    assert page.status_code == 200
    assert {row.finding.code for row in page.context["open"]} >= {"implied-points", "rate-exceeds-cap"}
    assert imported.cycle.title in signed_in(office).get(reverse("schemes")).content.decode()


@pytest.mark.both
def test_a_draft_is_replaced_only_when_asked_and_the_file_is_not_asked_for_twice(
    imported: Scheme, office: User
) -> None:
    client = signed_in(office)
    edit_scheme(scheme=imported, edit=Edit((), {"title": "改"}), what="x", by=office, seen=imported.sha256)
    refused = upload(client, NOTICE.read_bytes())
    assert "replace" in refused.context["form"].errors
    kept = refused.context["form"]["kept"].value()
    assert kept
    assert client.post(reverse("schemes"), {"kept": kept, "replace": "on"}).status_code == 302
    assert Scheme.objects.get(cycle__year=2020).pk != imported.pk
    assert client.post(reverse("schemes"), {"kept": "forged"}).context["form"].errors["notice"]


def test_a_track_that_keeps_its_code_keeps_what_the_office_set(imported: Scheme, office: User) -> None:
    track = imported.cycle.tracks.get(code="district")
    other = imported.cycle.tracks.get(code="society").desk
    track.responsibilities.filter(code="1.1").update(department=other)
    upload(signed_in(office), NOTICE.read_bytes(), replace="on")
    again = Track.objects.get(cycle__year=2020, code="district")
    assert again.pk == track.pk
    assert again.responsibilities.get(code="1.1").department == other


def test_many_findings_are_confirmed_after_a_page_that_names_them(imported: Scheme, office: User) -> None:
    client = signed_in(office)
    ids = list(imported.findings.filter(severity="confirm").values_list("pk", flat=True))
    page = client.post(reverse("scheme-confirm", args=[2020]), {"ids": ids})
    assert len(page.context["items"]) == len(ids)
    assert imported.findings.filter(settled_at=None).count() >= len(ids)
    client.post(reverse("scheme-confirm", args=[2020]), {"ids": ids, "confirmed": "1", "reason": "核对无误"})
    assert not imported.findings.filter(pk__in=ids, settled_at=None).exists()
    assert Event.objects.get(verb=Verb.FINDING_SETTLED).why == "核对无误"
    assert client.post(reverse("scheme-confirm", args=[2020]), {"ids": ids}).status_code == 302


def correction(client: Client, scheme: Scheme, *place: str, **values: object):
    name = ["scheme-correct", "scheme-correct-track", "scheme-correct-item"][len(place)]
    url = reverse(name, args=[scheme.cycle.year, *place])
    form = client.get(url).context["form"]
    data = {field.name: field.value() for field in form if field.value() not in (None, False)}
    return client.post(url, data | values)


def test_the_limit_of_a_society_item_changes_with_a_reason_and_the_finding_is_answered(
    imported: Scheme, office: User
) -> None:
    client = signed_in(office)
    doubt = imported.findings.filter(track="society", code="rate-exceeds-cap").first()
    others = set(imported.findings.exclude(pk=doubt.pk).values_list("pk", flat=True))
    silent = correction(client, imported, "society", doubt.at, cap="5")
    assert "why" in silent.context["form"].errors
    assert silent.context["form"]["cap"].value() == "5"
    assert correction(client, imported, "society", doubt.at, cap="5", why="主席会议决定").status_code == 302
    changed = Scheme.objects.get(pk=imported.pk)
    assert changed.sha256 != imported.sha256
    assert not changed.findings.filter(pk=doubt.pk).exists()
    assert set(changed.findings.values_list("pk", flat=True)) <= others
    event = Event.objects.get(verb=Verb.SCHEME_CHANGED)
    assert (event.came_from, event.went_to, event.why) == (imported.sha256, changed.sha256, "主席会议决定")
    assert event.data["changes"][0]["from"] == "3"
    assert event.data["changes"][0]["to"] == "5"


def test_a_settled_finding_stays_settled_through_another_correction(imported: Scheme, office: User) -> None:
    client = signed_in(office)
    implied = imported.findings.get(code="implied-points", track="district")
    client.post(reverse("scheme-confirm", args=[2020]), {"ids": [implied.pk], "confirmed": "1"})
    correction(client, imported, deadline="2021-01-08", why="延期")
    implied.refresh_from_db()
    assert implied.settled_at is not None
    assert Cycle.objects.get(year=2020).deadline_at.isoformat() == "2021-01-08T16:00:00+00:00"


@pytest.mark.both
def test_points_that_no_longer_sum_are_an_error_that_cannot_be_confirmed(imported: Scheme, office: User) -> None:
    client = signed_in(office)
    assert correction(client, imported, "district", "6", points="12", why="试").status_code == 302
    error = imported.findings.get(severity="error", track="district")
    client.post(reverse("scheme-confirm", args=[2020]), {"ids": [error.pk], "confirmed": "1", "reason": "就这样"})
    assert imported.findings.filter(pk=error.pk, settled_at=None).exists()
    correction(client, imported, "district", "6", points="10", why="改回")
    assert not imported.findings.filter(severity="error").exists()


def test_the_switches_of_a_track_change(imported: Scheme, office: User) -> None:
    answer = correction(signed_in(office), imported, "society", incidents="on", bars=["特等"], why="从严")
    assert answer.status_code == 302
    rules = Scheme.objects.get(pk=imported.pk).rules.track("society")
    assert rules.incident_rule is True
    assert rules.deduction_bars == ("特等",)


# ---- more than one assessment a year ----


def names() -> list[str]:
    return sorted(Cycle.objects.values_list("slug", flat=True))


@pytest.mark.both
def test_another_notice_of_the_year_begins_another_assessment(imported: Scheme, office: User) -> None:
    answer = upload(signed_in(office), NOTICE.read_bytes(), word="青 年")
    assert answer.url == reverse("scheme", args=["2020-青-年"])
    assert names() == ["2020", "2020-青-年"]
    assert Scheme.objects.get(cycle__slug="2020").pk == imported.pk
    assert signed_in(office).get(answer.url).status_code == 200


@pytest.mark.parametrize("word", ["a/b", "?", "-", "甲" * 21])
def test_a_word_that_no_address_can_bear_is_refused_at_its_field(imported: Scheme, office: User, word: str) -> None:
    assert "word" in upload(signed_in(office), NOTICE.read_bytes(), word=word).context["form"].errors
    assert names() == ["2020"]


@pytest.mark.both
@pytest.mark.both
def test_a_second_click_gets_what_the_first_began(imported: Scheme, office: User) -> None:
    assert upload(signed_in(office), NOTICE.read_bytes()).url == reverse("scheme", args=["2020"])
    assert Scheme.objects.get().pk == imported.pk
    first, second = (start_scheme(year=2021, like=imported, by=office) for _click in range(2))
    assert first.pk == second.pk
    with pytest.raises(DomainError):
        start_scheme(year=2021, like=imported, by=a_person(Role.OFFICE))


def test_two_assessments_of_one_title_are_told_apart_by_the_word(imported: Scheme, office: User) -> None:
    upload(signed_in(office), NOTICE.read_bytes(), word="青年")
    titles = dict(Cycle.objects.values_list("slug", "title"))
    assert titles == {"2020": "2020年度科协工作考核", "2020-青年": "2020年度科协工作考核（青年）"}
    page = signed_in(office).get(reverse("scheme-start")).content.decode()
    assert page.count("2020年度科协工作考核（青年）") == 1 and "（青年）（青年）" not in page


def test_an_open_cycle_is_not_replaced_and_another_can_be_named(imported: Scheme, office: User) -> None:
    Cycle.objects.filter(slug="2020").update(opened_at=clock.now())
    client = signed_in(office)
    for fields in ({}, {"replace": "on"}):
        assert "word" in upload(client, NOTICE.read_bytes(), **fields).context["form"].errors
    assert upload(client, NOTICE.read_bytes(), word="2").url == reverse("scheme", args=["2020-2"])
    Cycle.objects.filter(slug="2020-2").update(opened_at=clock.now())
    assert "word" in upload(client, NOTICE.read_bytes(), word="2", replace="on").context["form"].errors


@pytest.mark.both
def test_a_year_with_another_assessment_only_is_asked_about(imported: Scheme, office: User) -> None:
    client = signed_in(office)
    upload(client, NOTICE.read_bytes(), word="2")
    Scheme.objects.filter(pk=imported.pk).delete()
    Cycle.objects.filter(slug="2020").delete()
    assert "word" in upload(client, NOTICE.read_bytes()).context["form"].errors


def test_the_draft_of_a_word_is_replaced_when_asked(imported: Scheme, office: User) -> None:
    client = signed_in(office)
    upload(client, NOTICE.read_bytes(), word="2")
    other = NOTICE.read_bytes().replace("105号".encode(), "106号".encode())
    assert "replace" in upload(client, other, word="2").context["form"].errors
    assert upload(client, NOTICE.read_bytes(), word="2", replace="on").status_code == 302
    assert names() == ["2020", "2020-2"]


def test_a_desk_of_another_issuer_s_is_not_shared_by_its_name_alone(imported: Scheme, office: User) -> None:
    youth = NOTICE.read_text().replace("重庆市科学技术协会", "重庆市青年联合会").encode()
    upload(signed_in(office), youth, word="青年")
    desks = {track.cycle.slug: track.desk for track in Track.objects.filter(code="district").select_related("desk")}
    assert str(desks["2020-青年"]) == f"{desks['2020']}（重庆市青年联合会）"
    upload(signed_in(office), youth, word="3")
    again = Track.objects.get(cycle__slug="2020-3", code="district")
    assert again.desk == desks["2020-青年"], "the issuer's own, once it has one"
    upload(signed_in(office), NOTICE.read_bytes(), word="4")
    assert Track.objects.get(cycle__slug="2020-4", code="district").desk == desks["2020"]
