"""The tags that pages are made of; docs/components.md lists them with their usage."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context, Library
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import clock, wording
from common.ui import drawing
from common.ui.qr import qr_code
from common.ui.tabs import Tab

register = Library()
STATES = ("done", "wait", "late", "off")
HINTS = ("warn", "bad", "ok", "info")
LINE_END = re.compile(r"\n[ \t]*")
# The house's own word, outside of tags: no line ends within it.
OWN_WORD = re.compile(r"考核(?=[^<>]*(?:<|\Z))")


# ---- frames ----


@register.simple_block_tag
def card(  # the body comes first because Django passes it so
    content: str, title: str = "", small: str = "", link: str = "", link_text: str = "", id: str = "", pad: bool = False
) -> SafeString:
    """The one card: a heading, a link and a quiet remark over what it holds."""
    values = {"title": title, "small": small, "link": link, "link_text": link_text, "id": id, "pad": pad}
    return render_to_string("components/card.html", {"content": content, **values})


@register.simple_block_tag
def bar(content: str, say: str = "") -> SafeString:
    """The action bar at the foot, with what is still missing at its left."""
    told = format_html('<p class="say">{}</p>', say) if say else ""
    return format_html('<div class="bar" role="region" aria-label="{}">{}{}</div>', _("Actions"), told, content)


@register.simple_block_tag
def hint(content: str, kind: str = "warn") -> SafeString:
    """A doubt, fault or success in words; `kind` is one of warn, bad, ok, info."""
    _demand(kind, HINTS)
    role = SafeString(' role="alert"') if kind == "bad" else ""
    return format_html('<div class="hint {}"{}><span>{}</span></div>', kind, role, content)


@register.simple_block_tag
def beside(content: str, kind: str) -> SafeString | str:
    """A line beside the heading, `count` or `said`; nothing at all where a page has nothing to say there."""
    told = content.strip()
    return format_html('<p class="{}">{}</p>', kind, SafeString(told)) if told else ""


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """What the page puts into another block of its frame: a title that says the same as the heading."""
    return SafeString(context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context).strip())


@register.simple_block_tag
def run_on(content: str) -> SafeString:
    """Text written over several lines that runs on as one, as Chinese wants it: no blank where a line ends."""
    return SafeString(LINE_END.sub("", content))


@register.inclusion_tag("components/nothing.html")
def nothing(title: str, text: str = "", link: str = "", link_text: str = "") -> dict[str, str]:
    """An empty place: what will be here and when."""
    return {"title": title, "text": text, "link": link, "link_text": link_text}


@register.simple_tag
def thead(*labels: str, action: bool = False) -> SafeString:
    """The head of a table, a cell a label; `"n"` stands before one of numbers, `action` adds one over buttons."""
    cells = [
        (SafeString(' class="n"') if before == "n" else "", label)
        for before, label in zip(("", *labels), labels, strict=False)
        if label != "n"
    ]
    if action:
        cells.append(("", format_html('<span class="sr">{}</span>', _("Action"))))
    return format_html("<thead><tr>{}</tr></thead>", format_html_join("", "<th{}>{}</th>", cells))


@register.simple_tag
def tick(key: int, label: str, why_not: str = "", form: str = "") -> SafeString:
    """A row's box in a page about many (`name="ids"`); with `why_not` it can't be ticked and says so to readers."""
    if why_not:
        return format_html('<input type="checkbox" disabled aria-label="{}：{}">', label, why_not)
    belongs = format_html(' form="{}"', form) if form else ""
    return format_html('<input type="checkbox" name="ids" value="{}" aria-label="{}"{}>', key, label, belongs)


@register.simple_tag
def tick_all(label: str, title: str, may: bool = True) -> SafeString:
    """The head cell `title` over the boxes of rows, with a box that ticks them all for whoever `may` tick."""
    box = format_html('<input type="checkbox" data-select-all aria-label="{}"> ', label) if may else ""
    return format_html("<th>{}{}</th>", box, title)


@register.simple_tag
def ticked_count(form: str) -> SafeString:
    """Where the browser says how many rows of the form `form` are ticked."""
    return format_html('<output form="{}" data-select-count data-text="{}"></output>', form, _("{n} chosen"))


# ---- states and times ----


@register.simple_tag
def state(kind: str, text: str) -> SafeString:
    """A state as a shape and a word; `kind` is one of done, wait, late, off."""
    _demand(kind, STATES)
    return format_html('<span class="state {}">{}</span>', kind, text)


@register.inclusion_tag("components/steps.html")
def steps(steps: Iterable[object]) -> dict[str, Any]:
    """The steps of an assessment: `label`, `dates`, `state` (past, missed, now, next, later)."""
    return {"steps": steps}


@register.simple_tag
def when(instant: datetime | None, start: bool = False) -> SafeString | str:
    """An aware instant as people say it in Beijing; a dash for none."""
    if not instant:
        return wording.NONE
    words = wording.say_instant(instant, now=clock.now(), start=start)
    return format_html('<time datetime="{}">{}</time>', instant.astimezone(clock.BEIJING).isoformat(), words)


@register.simple_tag
def left(instant: datetime | None) -> SafeString | str:
    """How long is left, or a red triangle and by how much an aware instant has passed; nothing for none."""
    if not instant:
        return ""
    now = clock.now()
    words = wording.say_left(instant, now=now)
    return state("late", words) if wording.is_past(instant, now=now) else words


@register.simple_tag
def due(instant: datetime | None, done: bool = False) -> SafeString | str:
    """By when something is owed and how long that is; with `done` only the instant."""
    if not instant or done:
        return when(instant)
    if wording.is_past(instant, now=clock.now()):
        return format_html('<span class="due">{} {}</span>', when(instant), left(instant))
    words = format_html(_("{when}, {left}"), when=when(instant), left=left(instant))
    return format_html('<span class="due"><span>{}</span></span>', words)


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """A date with its weekday, as people say it; a dash for none."""
    if not value:
        return wording.NONE
    words = wording.say_day(value, today=clock.today())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter(is_safe=True)
def unbroken(markup: str) -> SafeString:
    """Markup of a heading in which the house's own word stays together at the end of a line."""
    return SafeString(OWN_WORD.sub(r'<span class="word">\g<0></span>', conditional_escape(markup)))


@register.filter
def pairs(counted: Iterable[Sequence[object]], between: str) -> str:
    """Pairs of a label and a number as text, with `between` them."""
    return between.join(f"{label} {number}" for label, number in counted)


# ---- forms ----


@register.inclusion_tag("forms/field.html")
def field(field: BoundField, label: str = "") -> dict[str, Any]:
    """A field with label, help, input and its errors; names of the parts join them for screen readers."""
    widget = field.field.widget
    return {
        "field": field,
        "label": label or field.label,
        "tick": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
    }


@register.inclusion_tag("forms/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form, one below the other."""
    return {"form": form}


@register.simple_tag
def search_box(label: str, value: str, name: str = "q", size: int = 20) -> SafeString:
    """The field of a list's bar that asks for words, with what was asked for."""
    box = '<input type="search" name="{}" size="{}" value="{}" aria-label="{}" placeholder="{}">'
    return format_html(box, name, size, value, label, label)


@register.simple_tag
def choose(name: str, label: str, every: str, choices: Iterable[tuple[str, str]], value: str) -> SafeString:
    """The field of a list's bar that asks for one of several; `every` is the word for none of them."""
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SafeString(" selected") if key == value else "", words) for key, words in [("", every), *choices]),
    )
    return format_html('<select name="{}" aria-label="{}">{}</select>', name, label, options)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form as a whole, with ways to the fields at fault."""
    return {"form": form, "faulty": [bound for bound in form if bound.errors and not bound.is_hidden]}


@register.inclusion_tag("components/autosave_status.html")
def autosave_status() -> dict[str, Any]:
    """Where saving as one types says how it goes."""
    return {}


# ---- pictures ----


@register.inclusion_tag("components/stacked.html")
def stacked(parts: Sequence[Sequence[object]], full: object = 100) -> dict[str, Any]:
    """A bar of parts `(label, value)` over a whole of `full` points."""
    return {"pieces": drawing.stack(parts, full), "parts": parts}


@register.inclusion_tag("components/histogram.html")
def histogram(buckets: Sequence[Sequence[object]], label: str) -> dict[str, Any]:
    """Bars of `(label, count)`, their numbers in the picture's label and in a table one click away."""
    columns = drawing.columns(buckets)
    return {"columns": columns, "width": drawing.span(len(buckets)), "label": label, "buckets": buckets}


@register.inclusion_tag("components/qr.html")
def qr(text: str, label: str) -> dict[str, Any]:
    """A QR code of a text, such as an address; `label` says what it opens."""
    return {"code": qr_code(text), "label": label}


@register.inclusion_tag("components/strip.html")
def strip(values: Sequence[Sequence[object]], label: str) -> dict[str, Any]:
    """A dot for each `(label, value)` over a scale up to 100, their numbers in its description and one click away."""
    return {"strip": drawing.strip(values), "label": label, "values": values, "id": f"strip-{token_hex(4)}"}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """How many of how many."""
    return {"done": done, "total": total, "label": label, "width": drawing.hundredths(done, total)}


# ---- lists and ways ----


@register.inclusion_tag("components/confirm_list.html")
def confirm_list(items: Iterable[object], title: str = "") -> dict[str, Any]:
    """What will change at once: how many and which; items are texts, or have `label` and `note`."""
    listed = list(items)
    rows = [{"label": item, "note": ""} if isinstance(item, str) else item for item in listed]
    return {"title": title, "rows": rows}


@register.inclusion_tag("components/tabs.html")
def tabs(tabs: Iterable[Tab], label: str) -> dict[str, Any]:
    """The ways between the lists of a page, named by `label` for readers."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: "Page[Any]") -> dict[str, Any]:
    """The ways to the pages before and after, with the rest of the query string kept."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": f"{query.urlencode()}&" if query else ""}


def _demand(kind: str, known: Sequence[str]) -> None:
    if kind not in known:
        raise ValueError(f"{kind!r} is none of {', '.join(known)}")
