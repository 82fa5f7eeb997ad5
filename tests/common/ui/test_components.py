"""The tags that pages are made of, in both languages."""

import re
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.test import RequestFactory
from django.utils import translation

from common import wording
from common.ui.tabs import Tab
from tests.common.ui.rendering import NOW, at, raw, render, standing_clock, text  # noqa: F401  # the fixture works by its name


class Person(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the passport")
    pick = forms.ChoiceField(label="Pick", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    remark = forms.CharField(label="Remark", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


# ---- times ----


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (at(2027, 1, 1), "Thu 31 December 24:00, 3 days left"),
        (at(2026, 12, 28, 18), "Mon 28 December 18:00 2 hours overdue"),
        (at(2026, 12, 28, 20), "Mon 28 December 20:00 just overdue"),
        (at(2026, 12, 28, 20, 0, 30), "Mon 28 December 20:00, less than a minute left"),
        (at(2026, 12, 28, 20, 1), "Mon 28 December 20:01, 1 minute left"),
        (at(2026, 12, 28, 19, 15), "Mon 28 December 19:15 45 minutes overdue"),
        (at(2026, 12, 28, 21, 59), "Mon 28 December 21:59, 1 hour left"),
        (at(2026, 12, 27), "Sat 26 December 24:00 1 day overdue"),
        (at(2021, 1, 1), "Thu 31 December 2020 24:00 2187 days overdue"),
    ],
)
def test_due_says_by_when_and_how_long(instant, said):
    assert text("{% due instant %}", instant=instant) == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (at(2027, 1, 1), "12月31日 周四 24:00，还有 3 天"),
        (at(2026, 12, 28, 18), "12月28日 周一 18:00 已过期 2 小时"),
        (at(2021, 1, 1), "2020年12月31日 周四 24:00 已过期 2187 天"),
    ],
)
def test_due_is_said_in_chinese(instant, said):
    with translation.override("zh-hans"):
        assert text("{% due instant %}", instant=instant) == said


def test_overdue_is_a_shape_and_a_word_and_the_rest_is_not():
    assert 'class="state late"' in render("{% due instant %}", instant=at(2026, 12, 28, 18))
    assert "state" not in render("{% due instant %}", instant=at(2027, 1, 1))


def test_a_thing_done_says_only_when():
    assert text("{% due instant done=True %}", instant=at(2026, 12, 28, 18)) == "Mon 28 December 18:00"


def test_nothing_due_is_a_dash():
    assert text("{% due none %}|{% left none %}|{% when none %}|{% day none %}") == "—||—|—"


def test_midnight_ends_a_day_unless_something_starts():
    assert text("{% when instant %}", instant=at(2027, 1, 1)) == "Thu 31 December 24:00"
    assert text("{% when instant start=True %}", instant=at(2027, 1, 1)) == "Fri 1 January 00:00"
    assert text("{% when instant %}", instant=at(2027, 1, 1, 0, 0, 1)) == "Fri 1 January 00:00"


def test_an_instant_from_elsewhere_is_said_in_beijing_time():
    from datetime import UTC

    assert text("{% when instant %}", instant=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "Thu 31 December 24:00"


def test_a_day_has_its_weekday():
    assert text("{% day value %}", value=date(2026, 12, 29)) == "Tue 29 December"
    assert 'datetime="2026-12-29"' in render("{% day value %}", value=date(2026, 12, 29))


def test_every_weekday_has_its_name():
    words = [wording.say_day(date(2026, 12, day), today=date(2026, 12, 28))[:3] for day in range(21, 28)]
    assert words == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.mark.parametrize(("instant", "said"), [(at(2026, 12, 31), "2 days left"), (at(2026, 12, 25), "3 days overdue")])
def test_left_says_only_how_long(instant, said):
    assert text("{% left instant %}", instant=instant) == said


# ---- numbers ----


@pytest.mark.parametrize(
    ("value", "trimmed", "exact"),
    [
        (Decimal("9.50"), "9.5", "9.50"),
        (Decimal("10"), "10", "10.00"),
        (Decimal("100.00"), "100", "100.00"),
        (Decimal("88.665"), "88.67", "88.67"),
        ("71.5", "71.5", "71.50"),
        (0, "0", "0.00"),
        (Decimal("1E+2"), "100", "100.00"),
        (None, "—", "—"),
        ("", "—", "—"),
    ],
)
def test_points_are_trimmed_and_scores_are_exact(value, trimmed, exact):
    assert text("{{ value|points }} {{ value|score }}", value=value) == f"{trimmed} {exact}"


# ---- frames ----


def test_card_holds_its_body_and_escapes_its_title():
    page = render(
        '{% card title=title small="3" link="/all" link_text="All" id="c" pad=True %}<p>{{ x }}</p>{% endcard %}',
        title="<b>",
        x="<i>",
    )
    assert '<section class="card" id="c">' in page
    assert "&lt;b&gt;" in page
    assert "<p>&lt;i&gt;</p>" in page
    assert '<a href="/all">All</a>' in page
    assert 'class="pad"' in page


def test_a_bare_card_has_no_header():
    assert "<header" not in render("{% card %}x{% endcard %}")


def test_bar_says_what_is_missing_beside_its_buttons():
    page = render('{% bar "Still missing: 7" %}<button class="btn main">Go</button>{% endbar %}')
    assert '<p class="say">Still missing: 7</p><button' in page


def test_hint_that_is_bad_is_announced():
    assert 'role="alert"' in render('{% hint "bad" %}No{% endhint %}')
    assert render("{% hint %}Mind{% endhint %}") == '<div class="hint warn"><span>Mind</span></div>'


@pytest.mark.parametrize("source", ['{% state "red" "x" %}', '{% hint "red" %}x{% endhint %}'])
def test_an_unknown_kind_is_refused(source):
    with pytest.raises(ValueError, match="red"):
        render(source)


def test_state_is_a_shape_and_a_word():
    assert render("{% state kind word %}", kind="done", word="a<b") == '<span class="state done">a&lt;b</span>'


def test_steps_mark_where_it_stands():
    steps = [
        {"label": "Self-evaluation", "dates": "December", "state": "past"},
        SimpleNamespace(label="Acceptance", dates="January", state="now"),
        {"label": "Review", "dates": "", "state": "next"},
    ]
    page = render("{% steps steps %}", steps=steps)
    assert page.count("aria-current") == 1
    assert '<li class="now" aria-current="step"><span>Acceptance' in page
    assert "(done)" in page


def test_an_empty_place_says_what_will_be_here():
    assert text('{% nothing "No results yet" "They come in February." link="/x" link_text="Look" %}') == (
        "No results yet They come in February. Look"
    )


def test_the_empty_clause_of_a_loop_still_works():
    assert text('{% for x in none %}{% empty %}{% nothing "None" %}{% endfor %}') == "None"


# ---- forms ----


def test_field_joins_label_help_and_error_for_screen_readers():
    page = render("{% field form.name %}", form=Person({"name": ""}))
    assert '<label for="id_name">Name</label>' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_field_without_fault_shows_none():
    page = render('{% field form.remark label="Say more" %}', form=Person())
    assert "error" not in page
    assert "Say more" in page
    assert "(optional)" in page


def test_choices_are_a_group_with_a_legend_and_a_tick_has_its_label_behind():
    assert "<legend>Pick</legend>" in render("{% field form.pick %}", form=Person())
    assert re.search(r'entry tick"><input[^>]*><label for="id_agree">', render("{% field form.agree %}", form=Person()))


def test_a_hidden_field_is_only_itself():
    assert render("{% field form.secret %}", form=Person()).strip().startswith('<input type="hidden"')


def test_form_errors_lead_to_the_fields():
    form = Person({"name": "", "pick": "a", "agree": "on"})
    page = render("{% form_errors form %}", form=form)
    assert '<a href="#id_name">Name</a>' in page
    assert "id_pick" not in page
    form.add_error(None, "Too late")
    assert "Too late" in render("{% form_errors form %}", form=form)
    assert render("{% form_errors form %}", form=Person()).strip() == ""


def test_points_input_stands_beside_its_limit():
    page = render(
        '{% points_input name="p1" value=value limit=4 label="Claimed" error="At most 4" form="sheet" %}',
        value=Decimal("3.50"),
    )
    assert 'name="p1" value="3.5" form="sheet"' in page
    assert "/ 4 points" in page
    assert 'aria-describedby="id_p1_error"' in page
    assert 'value=""' in render('{% points_input name="p1" %}')
    assert " disabled" in render('{% points_input name="p1" value="x" disabled=True %}')


def test_autosave_speaks_where_it_is_put():
    assert 'role="status"' in render("{% autosave_status %}")


# ---- lists and ways ----


def test_confirm_list_says_how_many_and_which():
    page = text("{% confirm_list items %}", items=["North", SimpleNamespace(label="South", note="late")])
    assert page == "2 are changed: North South late"
    many = text("{% confirm_list items %}", items=[f"U{number}" for number in range(62)])
    assert "62 are changed:" in many
    assert "and 2 more" in many
    assert text("{% confirm_list items title=title %}", items=["N"], title="One goes") == "One goes N"


def test_tabs_mark_the_current_one():
    tabs = [Tab("/a", "A", 0, current=True), Tab("/b", "B")]
    page = render('{% tabs tabs "Groups" %}', tabs=tabs)
    assert '<a href="/a" aria-current="page">A 0</a><a href="/b">B</a>' in page


def test_pages_keep_the_rest_of_the_query():
    request = RequestFactory().get("/?track=district&page=2")
    page = render("{% pages page %}", page=Paginator(range(50), 20).page(2), request=request)
    assert 'href="?track=district&amp;page=1"' in page
    assert "Page 2 of 3, 50 in all" in page
    assert render("{% pages page %}", page=Paginator(range(5), 20).page(1), request=request).strip() == ""


# ---- headings ----


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("2026年度科协工作考核", '2026年度科协工作<span class="word">考核</span>'),
        ("A & B 考核", 'A &amp; B <span class="word">考核</span>'),
        ("Results", "Results"),
    ],
)
def test_the_house_s_own_word_stays_together_in_a_heading(heading: str, shown: str) -> None:
    assert render("{{ heading|unbroken }}", heading=heading) == shown


def test_only_the_words_of_a_heading_are_kept_together_never_its_tags() -> None:
    shown = render('{% filter unbroken %}<a title="考核">{{ name }}</a>{% endfilter %}', name="<考核>")
    assert shown == '<a title="考核">&lt;<span class="word">考核</span>&gt;</a>'


def test_a_line_beside_the_heading_is_there_only_with_something_to_say():
    line = '{% beside "count" %}\n  {% if n %}<b>{{ n }}</b> units{% endif %}\n{% endbeside %}'
    assert raw(line, n=3) == '<p class="count"><b>3</b> units</p>'
    assert raw(line, n=0) == ""


def test_text_runs_on_without_a_blank_where_a_line_ends():
    told = "{% run_on %}\n  公示至\n  {% if day %}\n    <b>{{ day }}</b>。\n  {% endif %}\n{% endrun_on %}"
    assert raw(told, day="1月 4日") == "公示至<b>1月 4日</b>。"


def test_pairs_are_said_with_something_between_them():
    counted = [("<Filling>", 2), ("Review", 1)]
    assert render('{{ counted|pairs:" · " }}', counted=counted) == "&lt;Filling&gt; 2 · Review 1"


def test_a_title_says_the_heading_again_unless_the_page_says_otherwise():
    frame = (
        '<title>{% block title %}{% again "heading" %}{% endblock %}</title><h1>{% block heading %}{% endblock %}</h1>'
    )
    engine = Engine(
        builtins=["common.ui.tags"],
        loaders=[("django.template.loaders.locmem.Loader", {"frame": frame, "base": '{% extends "frame" %}'})],
    )
    page = '{% extends "base" %}{% block heading %}<b>{{ n }}</b> tasks{% endblock %}'
    own = page + "{% block title %}Tasks{% endblock %}"
    said = [engine.from_string(source).render(Context({"n": 3})) for source in (page, own)]
    assert said == [
        "<title><b>3</b> tasks</title><h1><b>3</b> tasks</h1>",
        "<title>Tasks</title><h1><b>3</b> tasks</h1>",
    ]


def test_all_fields_of_a_form_stand_below_one_another():
    page = render("{% fields form %}", form=Person())
    assert [page.index(f'name="{name}"') for name in Person.base_fields] == sorted(
        page.index(f'name="{name}"') for name in Person.base_fields
    )
    assert page.count('<div class="entry') == 3


def test_the_box_that_ticks_all_is_there_for_whoever_may_tick():
    head = '{% tick_all "All units" "Unit" may=may %}'
    box = '<input type="checkbox" data-select-all aria-label="All units"> '
    assert render(head, may=True) == f"<th>{box}Unit</th>"
    assert render(head, may=False) == "<th>Unit</th>"
