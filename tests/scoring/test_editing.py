"""The editor on its pages: every change a step, kept on the server, that goes back and comes again."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from scoring.engine.edit import Edit, node_at
from scoring.engine.scheme import SchemeRules, scheme_sha256
from scoring.models import Finding, Responsibility, Scheme
from scoring.services.corrections import Correction, change_scheme, confirm_findings
from scoring.services.editing import edit_scheme, give_reason, redo_step, undo_step
from scoring.services.starting import start_scheme
from scoring.views.places import place_in
from tests.support.editing import a_step
from tests.support.pages import Visitor
from tests.support.schemes import a_body, put_rules
from tests.support.world import World, a_cycle, a_person
from workflow.office.services.opening import what_keeps_from_opening

pytestmark = [pytest.mark.django_db, pytest.mark.both]
URL = "/schemes/2026/edit/"
ROW = f"{URL}at/tracks/0/indicators/1/"


@pytest.fixture
def world() -> World:
    return a_cycle()


def scheme() -> Scheme:
    return Scheme.objects.select_related("cycle").get(cycle__year=2026)


def press(world: World, path: str, **changes: object):
    """Send the page's form as it stands, with some of it changed."""
    office = Visitor(world, world.office)
    form = office.get(path).context["form"]
    data = {field.name: field.value() for field in form if field.value() not in (None, False)}
    return office.post(path, data | changes)


def autosave(world: World, path: str, **typed: object):
    sent = {"changed": list(typed), "version": scheme().sha256, **typed}
    return Visitor(world, world.office).post(path, sent, headers={"X-Requested-With": "autosave"}).json()


def test_a_step_goes_back_and_comes_again_and_departments_follow_their_rows(world: World) -> None:
    track = world.cycle.tracks.get(code="district")
    held = track.responsibilities.get(code="2.1")
    held.department = world.desks["society"]
    held.save()
    first = scheme().body
    press(world, ROW, do="up")
    assert track.responsibilities.get(code="1.1").department == world.desks["society"]
    moved = scheme().body
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert scheme().body == first
    assert track.responsibilities.get(code="2.1").department == world.desks["society"]
    redo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert scheme().body == moved


@pytest.mark.parametrize("place", [("tracks", 0, "indicators", 1), ("tracks", 0)])
def test_a_row_that_comes_back_is_answered_for_by_whom_it_was(world: World, place: tuple[str | int, ...]) -> None:
    def answers() -> set[tuple[str, str, int]]:
        rows = Responsibility.objects.filter(track__cycle=world.cycle)
        return set(rows.values_list("track__code", "code", "department"))

    world.cycle.tracks.get(code="district").responsibilities.filter(code="2.1").update(
        department=world.desks["society"]
    )
    held = answers()
    edit_scheme(scheme=scheme(), edit=Edit(place, remove=True), what="删", by=world.office, seen=scheme().sha256)
    assert answers() < held
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert answers() == held


def test_all_steps_taken_back_give_the_first_body(world: World) -> None:
    first = scheme().body
    office = world.office
    for edit in (
        Edit((), add="tracks"),
        Edit(("tracks", 0, "indicators", 0), remove=True),
        Edit(("tracks", 0), add="vetoes"),
        Edit(("tracks", 0, "indicators", 0, "parts", 0), add="levels"),
        Edit(("tracks", 0, "adjustments", 0), move=1),
        Edit(("tracks", 2), {"name": "医院"}),
    ):
        edit_scheme(scheme=scheme(), edit=edit, what="改动", by=office, seen=scheme().sha256)
        assert SchemeRules.from_json(scheme().body).to_json() | {"findings": scheme().body["findings"]} == scheme().body
    while scheme().steps.filter(is_undone=False).exists():
        undo_step(scheme=scheme(), by=office, seen=scheme().sha256)
    assert scheme().body == first
    with pytest.raises(DomainError):
        undo_step(scheme=scheme(), by=office, seen=scheme().sha256)


def test_a_new_step_forgets_what_was_taken_back(world: World) -> None:
    edit_scheme(scheme=scheme(), edit=Edit((), {"issuer": "甲"}), what="函", by=world.office, seen=scheme().sha256)
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    edit_scheme(scheme=scheme(), edit=Edit((), {"issuer": "乙"}), what="函", by=world.office, seen=scheme().sha256)
    with pytest.raises(DomainError):
        redo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)


def test_a_draft_that_a_colleague_changed_is_not_overwritten(world: World) -> None:
    with pytest.raises(DomainError):
        edit_scheme(scheme=scheme(), edit=Edit((), {"issuer": "甲"}), what="函", by=world.office, seen="0" * 64)


def test_a_place_that_is_gone_is_told(world: World) -> None:
    with pytest.raises(DomainError):
        edit_scheme(
            scheme=scheme(), edit=Edit(("tracks", 9), remove=True), what="", by=world.office, seen=scheme().sha256
        )


def test_a_step_that_changes_nothing_is_none(world: World) -> None:
    edit = Edit((), {"issuer": scheme().body["issuer"]})
    edit_scheme(scheme=scheme(), edit=edit, what="函", by=world.office, seen=scheme().sha256)
    assert not scheme().steps.exists()


def test_an_error_that_was_confirmed_is_open_again_once_that_is_taken_back() -> None:
    unread = {"code": "unread", "severity": "error", "track": "district", "at": "1", "message": "未读"}
    world = a_cycle(findings=[unread])
    confirm_findings(scheme=scheme(), ids=[Finding.objects.get(code="unread").pk], by=world.office, reason="核对无误")
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert Finding.objects.get(code="unread").settled_at is None


def test_a_finding_follows_its_row_and_goes_with_it() -> None:
    doubt = {"code": "unread", "severity": "error", "track": "district", "at": "2", "message": "未读"}
    world = a_cycle(findings=[doubt])
    press(world, ROW, do="up")
    assert Finding.objects.get(code="unread").at == "1"
    press(world, f"{URL}at/tracks/0/indicators/0/", do="remove")
    assert not Finding.objects.filter(code="unread").exists()


def test_what_is_typed_is_saved_field_by_field_and_checked_at_once(world: World) -> None:
    answer = autosave(world, f"{URL}at/tracks/0/", full_marks="90", bonus_cap="x")
    assert list(answer["errors"]) == ["bonus_cap"]
    assert scheme().body["tracks"][0]["full_marks"] == "90"
    assert answer["version"] == scheme().sha256
    assert Finding.objects.filter(code="points-mismatch").exists()
    assert "区县（自治县）科协" in answer["html"]["#doubts"]


def test_a_rule_that_is_made_a_factor_has_no_points_and_the_page_shows_it(world: World) -> None:
    place = f"{URL}at/tracks/0/adjustments/1/rules/0/"
    answer = autosave(world, place, factor="2")
    assert (answer["errors"], answer["values"]) == ({}, {"rate": "0", "per": "", "factor": "2"})
    answer = autosave(world, place, rate="3")
    assert list(answer["errors"]) == ["rate"]
    autosave(world, place, factor="")
    autosave(world, place, rate="3")
    rule = scheme().body["tracks"][0]["adjustments"][1]["rules"][0]
    assert (rule["rate"], "factor" in rule) == ("3", False)


def test_a_factor_of_a_part_is_typed_as_what_is_lost(world: World) -> None:
    press(world, f"{URL}at/{PART}/", do="add:losses")
    press(world, f"{URL}at/{PART}/losses/0/", text="逾期的", factor="0.5")
    (loss,) = scheme().rules.tracks[0].parts()[0].losses
    assert (loss.factor, loss.rate, loss.text) == (Decimal("0.5"), 0, "逾期的")


def test_what_makes_no_scheme_is_refused_at_its_field(world: World) -> None:
    answer = autosave(world, f"{URL}at/tracks/0/components/1/", trim_share="60")
    assert list(answer["errors"]) == ["trim_share"]
    assert not scheme().steps.exists()


def test_what_is_refused_stays_on_the_page(world: World) -> None:
    page = press(world, f"{URL}at/tracks/0/components/1/", trim_share="60")
    assert page.context["form"].errors
    assert page.context["form"]["trim_share"].value() == "60"


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        ("", {"grades": "特等、一等、二等、三等"}, lambda body: body["grades"][-1] == "三等"),
        ("at/tracks/0/", {"recipients.sample": "7"}, lambda body: body["tracks"][0]["recipients"]["sample"] == 7),
        ("at/tracks/0/", {"recipients.sample": ""}, lambda body: body["tracks"][0]["recipients"] is None),
        ("at/tracks/1/", {"materials": ["summary"]}, lambda body: body["tracks"][1]["materials"] == ["summary"]),
        ("", {"deadline": "2026-12-20"}, lambda body: body["deadline"] == "2026-12-20"),
    ],
)
def test_values_of_every_sort_are_written_as_the_body_has_them(world: World, place: str, typed, kept) -> None:
    press(world, URL + place, **typed)
    assert kept(scheme().body)


@pytest.mark.parametrize(
    "button",
    ["add:indicators", "add:bonus", "add:deduction", "add:vetoes"],
)
def test_a_row_is_added_and_the_person_goes_on_in_it(world: World, button: str) -> None:
    answer = press(world, f"{URL}at/tracks/0/", do=button)
    assert Visitor(world, world.office).get(answer.url).status_code == 200
    assert scheme().steps.count() == 1


def test_a_quota_is_added_and_becomes_a_share_of_a_track(world: World) -> None:
    answer = press(world, URL, do="add:quotas")
    page = Visitor(world, world.office).get(answer.url)
    assert 'data-autosave="' not in page.content.decode().partition('id="place"')[2].partition(">")[0]
    press(world, answer.url, count="", share="20", track="society", rounding="up")
    assert scheme().body["quotas"] == [
        {"code": "Q1", "text": "", "grade": "特等", "share": "20", "track": "society", "rounding": "up"}
    ]


def test_a_quota_of_a_scheme_without_grades_keeps_its_own(world: World) -> None:
    press(world, URL, do="add:quotas")
    draft = scheme()
    put_rules(draft, draft.body | {"grades": []})
    press(world, f"{URL}at/quotas/0/", count="4")
    assert [(quota["grade"], quota["count"]) for quota in scheme().body["quotas"]] == [("特等", 4)]


def test_a_component_is_added_where_one_is_missing(world: World) -> None:
    press(world, f"{URL}at/tracks/1/", do="add:components")
    assert [component["code"] for component in scheme().body["tracks"][1]["components"]] == ["work", "recipients"]


def test_a_band_is_added_to_the_first_grade(world: World) -> None:
    press(world, URL, do="add:grade_bands")
    assert scheme().body["grade_bands"] == [{"grade": "特等", "least": "0"}]


def test_buttons_take_steps_back_and_again(world: World) -> None:
    office = Visitor(world, world.office)
    press(world, ROW, do="remove")
    answer = office.post(f"{URL}undo/", {"version": scheme().sha256, "place": "tracks/0/indicators/1"})
    assert answer.url == ROW
    answer = office.post(f"{URL}redo/", {"version": scheme().sha256, "place": "tracks/0/indicators/1"})
    assert answer.url == f"{URL}at/tracks/0/"
    assert office.post(f"{URL}redo/", {"version": scheme().sha256}).url == URL


@pytest.mark.parametrize("place", ["tracks", "tracks/9", "title/0", "title/x", "tracks/0/materials/0"])
def test_an_address_of_no_place_is_not_found(world: World, place: str) -> None:
    assert Visitor(world, world.office).get(f"{URL}at/{place}/").status_code == 404


def test_an_open_cycle_s_scheme_is_not_edited() -> None:
    world = a_cycle().with_units(1).opened()
    assert Visitor(world, world.office).get(URL).url == "/schemes/2026/"


def test_a_scheme_to_begin_with_is_chosen_by_the_title_of_its_assessment(world: World) -> None:
    begun = start_scheme(year=2026, by=world.office, title="青年考核", word="青年")
    page = Visitor(world, world.office).get("/schemes/start/").content.decode()
    assert "青年考核（青年）</option>" in page
    assert begun.sha256[:8] not in page


def test_a_scheme_begins_from_nothing(world: World) -> None:
    office = Visitor(world, world.office)
    assert office.get("/schemes/start/").status_code == 200
    assert office.post("/schemes/start/", {"year": "2031", "title": "医院考核"}).url == "/schemes/2031/edit/"
    assert office.get("/schemes/2031/edit/").status_code == 200
    assert Finding.objects.filter(scheme__cycle__year=2031).exists()


def test_a_scheme_begins_with_another_year_s(world: World) -> None:
    begun = start_scheme(year=2028, by=world.office, like=scheme())
    assert begun.body["title"] == "2028年度科协工作考核"
    assert begun.body["deadline"] == "2028-12-29", "a Friday: the 31st is a Sunday"
    assert begun.body["tracks"] == a_body()["tracks"]
    with pytest.raises(DomainError):
        start_scheme(year=2028, by=world.office)


def test_a_deadline_of_a_leap_day_moves_to_the_last_of_february() -> None:
    world = a_cycle(deadline="2024-02-29", title=None, year=2024)
    first = Scheme.objects.get(cycle=world.cycle)
    assert start_scheme(year=2025, by=world.office, like=first).body["deadline"] == "2025-02-28"


def test_what_another_year_s_notice_does_not_state_is_not_made_up(world: World) -> None:
    without = scheme()
    without.body = without.body | {"deadline": None, "title": None}
    begun = start_scheme(year=2028, by=world.office, like=without)
    assert (begun.body["title"], begun.body["deadline"], begun.body["number"]) == (None, None, None)


def test_only_the_office_begins_one(world: World) -> None:
    with pytest.raises(DomainError):
        start_scheme(year=2031, by=a_person(Role.LEADER))


def _noted() -> tuple[str, int, int]:
    return scheme().sha256, scheme().steps.count(), Event.objects.count()


def _walk(world: World, data: st.DataObject) -> None:
    """Take steps that are drawn, all back, all again; what is refused changes nothing."""
    versions = [scheme().sha256]
    for _step in range(5):
        before = _noted()
        try:
            edit_scheme(
                scheme=scheme(),
                edit=data.draw(a_step(scheme().body)),
                what="步",
                by=world.office,
                seen=scheme().sha256,
            )
        except DomainError:
            assert _noted() == before
        if scheme().sha256 != versions[-1]:
            versions.append(scheme().sha256)
    for before in reversed(versions[:-1]):
        undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
        assert (scheme().sha256, scheme_sha256(scheme().body)) == (before, before)
    for after in versions[1:]:
        redo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
        assert scheme_sha256(scheme().body) == after


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_steps_go_all_back_and_all_come_again_and_what_is_refused_changes_nothing(
    world: World, data: st.DataObject
) -> None:
    with transaction.atomic():
        _walk(world, data)
        transaction.set_rollback(True)


def edit_issuer(world: World, issuer: str = "甲", why: str = "") -> None:
    edit_scheme(
        scheme=scheme(), edit=Edit((), {"issuer": issuer}), what="函", by=world.office, seen=scheme().sha256, why=why
    )


def reasons() -> list[str]:
    return list(scheme().steps.values_list("why", flat=True))


def test_a_reason_is_given_once_for_what_was_changed_before_and_stands_in_the_record(world: World) -> None:
    edit_issuer(world, "甲", why="会议纪要")
    edit_issuer(world, "乙")
    edit_issuer(world, "丙")
    assert give_reason(scheme=scheme(), why="更名", by=world.office) == 2
    assert reasons() == ["会议纪要", "更名", "更名"]
    event = Event.objects.get(verb=Verb.SCHEME_REASONED)
    assert (event.why, len(event.data["changes"])) == ("更名", 2)
    assert give_reason(scheme=scheme(), why="再次", by=world.office) == 0
    assert Event.objects.filter(verb=Verb.SCHEME_REASONED).count() == 1
    with pytest.raises(DomainError):
        give_reason(scheme=scheme(), why=" ", by=world.office)


def test_the_reason_of_a_sitting_goes_with_every_later_change_of_it(world: World) -> None:
    office = Visitor(world, world.office)
    autosaved = {"changed": ["issuer"], "version": scheme().sha256, "issuer": "甲"}
    office.post(URL, autosaved, headers={"X-Requested-With": "autosave"})
    assert reasons() == [""]
    page = office.get(URL)
    assert page.context["unreasoned"] == 1
    data = {field.name: field.value() for field in page.context["form"] if field.value()}
    office.post(URL, data | {"why": "会议纪要"})
    assert reasons() == ["会议纪要"]
    autosaved |= {"version": scheme().sha256, "issuer": "乙"}
    office.post(URL, autosaved, headers={"X-Requested-With": "autosave"})
    assert reasons() == ["会议纪要", "会议纪要"]
    assert office.get(URL).context["why"]["why"].value() == "会议纪要"


def test_a_reason_that_is_sent_with_a_step_taken_back_is_kept_too(world: World) -> None:
    edit_issuer(world, "甲")
    edit_issuer(world, "乙")
    office = Visitor(world, world.office)
    office.post(f"{URL}undo/", {"version": scheme().sha256, "why": "更正"})
    assert reasons() == ["更正", ""]


def test_the_reason_of_a_correction_is_its_step_s(world: World) -> None:
    correction = Correction(path=("issuer",), label="印发机关", value="甲")
    change_scheme(scheme=scheme(), corrections=[correction], by=world.office, why="笔误", seen=scheme().sha256)
    assert reasons() == ["笔误"]


def test_a_cycle_does_not_open_on_changes_without_a_reason(world: World) -> None:
    before = len(what_keeps_from_opening(world.cycle))
    edit_issuer(world)
    assert len(what_keeps_from_opening(world.cycle)) == before + 1
    give_reason(scheme=scheme(), why="更名", by=world.office)
    assert len(what_keeps_from_opening(world.cycle)) == before


TRACK, PART, ITEM = "tracks/0", "tracks/0/indicators/0/parts/0", "tracks/0/adjustments/0"


@pytest.mark.parametrize(
    ("place", "button", "list_name"),
    [
        ("", "add:tracks", "tracks"),
        ("", "add:grade_bands", "grade_bands"),
        ("tracks/1", "add:components", "components"),
        (TRACK, "add:indicators", "indicators"),
        ("tracks/0/indicators/0", "add:parts", "parts"),
        (PART, "add:levels", "levels"),
        (PART, "add:losses", "losses"),
        (TRACK, "add:bonus", "adjustments"),
        (TRACK, "add:deduction", "adjustments"),
        (ITEM, "add:rules", "rules"),
        (TRACK, "add:vetoes", "vetoes"),
    ],
)
def test_a_row_of_every_list_is_added_moved_and_removed(world: World, place: str, button: str, list_name: str) -> None:
    home = f"{URL}at/{place}/" if place else URL
    for _twice in range(2 if list_name != "components" else 1):
        added = press(world, home, do=button).url
    rows = len(node_at(scheme().body, place_in(scheme().body, place))[list_name])
    assert added == f"{URL}at/{f'{place}/{list_name}/{rows - 1}'.lstrip('/')}/"
    moved = press(world, added, do="up").url
    assert moved == f"{URL}at/{f'{place}/{list_name}/{rows - 2}'.lstrip('/')}/"
    assert press(world, moved, do="remove").url == home
    assert len(node_at(scheme().body, place_in(scheme().body, place))[list_name]) == rows - 1


def test_the_first_level_of_a_part_has_its_points(world: World) -> None:
    press(world, f"{URL}at/{PART}/", do="add:levels")
    part = scheme().body["tracks"][0]["indicators"][0]["parts"][0]
    assert (part["points"], part["levels"][0]["points"]) == ("40", "40")


def test_what_the_engine_refuses_is_said_at_its_field_in_the_words_of_what_would_be_right(world: World) -> None:
    page = press(world, f"{URL}at/tracks/0/components/1/", trim_share="60", trim="")
    (said,) = page.context["form"].errors["trim_share"]
    assert "trim_share" not in said


def test_an_old_page_is_told_keeps_what_was_typed_and_overwrites_nothing(world: World) -> None:
    office = Visitor(world, world.office)
    place = f"{URL}at/{PART}/"
    form = office.get(place).context["form"]
    old = {field.name: field.value() for field in form if field.value()}
    press(world, place, points="30")  # a colleague
    for _twice in range(2):
        page = office.post(place, old | {"text": "我的"})
        assert page.context["stale"]
        assert page.context["form"]["text"].value() == "我的"
        assert "#stale" not in page.content.decode()
    answer = office.post(
        place,
        {"changed": ["text"], "version": old["version"], "text": "我的"},
        headers={"X-Requested-With": "autosave"},
    ).json()
    assert list(answer["errors"]) == ["text"]
    assert place in answer["html"]["#stale"]
    assert scheme().body["tracks"][0]["indicators"][0]["parts"][0]["points"] == "30"


def test_a_row_leads_to_what_it_lies_in_and_to_what_lies_in_it(world: World) -> None:
    page = Visitor(world, world.office).get(f"{URL}at/tracks/0/indicators/0/")
    assert [url for url, _name in page.context["crumbs"]] == [f"{URL}at/{TRACK}/"]
    assert [line.code for line in page.context["inside"]] == ["1.1", "1.2"]


def test_a_grade_that_a_band_makes_is_not_taken_away(world: World) -> None:
    press(world, URL, do="add:grade_bands")
    answer = autosave(world, URL, grades="一等、二等")
    assert "特等" in answer["errors"]["grades"]
    assert scheme().body["grades"] == ["特等", "一等", "二等"]


def test_what_was_typed_before_a_step_is_taken_back_is_what_goes_back_and_comes_again(world: World) -> None:
    office, place = Visitor(world, world.office), f"{URL}at/{PART}/"
    edit_issuer(world)
    sent = {"version": scheme().sha256, "place": PART, "points": "30", "text": "义诊"}
    assert office.post(f"{URL}undo/", sent).url == place
    assert [step.is_undone for step in scheme().steps.all()] == [False, True]
    office.post(f"{URL}redo/", {"version": scheme().sha256, "place": PART})
    part = scheme().body["tracks"][0]["indicators"][0]["parts"][0]
    assert (part["points"], part["text"]) == ("30", "义诊")
