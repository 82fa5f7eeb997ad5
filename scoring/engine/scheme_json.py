"""Reads the tracks of a scheme back from their JSON form, naming every place that is wrong."""

from decimal import Decimal

from scoring.engine.fields import Fields
from scoring.engine.messages import _, msg
from scoring.engine.track import (
    BARS,
    BONUS,
    DEDUCTION,
    LEADERS,
    NOT_ASSESSED,
    RECIPIENTS,
    TO_ZERO,
    WORK,
    Adjustment,
    Component,
    Indicator,
    Level,
    Part,
    Recipients,
    Rule,
    TrackRules,
    Veto,
)

RATING_OPTIONS = ("trim", "trim_share", "least")
ALL_LEFT_OUT = Decimal(50)  # percent, at each end


def read_tracks(scheme: Fields) -> tuple[TrackRules, ...]:
    """Read all tracks of a scheme; at least one is demanded, and no code may stand twice."""
    tracks = tuple(_track(fields) for fields in scheme.each("tracks"))
    if not tracks:
        scheme.wrong("tracks", msg(_("Give at least one track.")))
    once(scheme, [track.code for track in tracks])
    return tracks


def once(fields: Fields, codes: list[str]) -> None:
    """Note codes that stand twice."""
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        fields.reading.note(fields.place, msg(_("The code “%(code)s” stands twice."), code=code))


def _track(fields: Fields) -> TrackRules:
    track = TrackRules(
        code=fields.text("code"),
        name=fields.optional_text("name") or "",
        annex=fields.optional_count("annex") or 0,
        desk=fields.optional_text("desk"),
        components=tuple(_component(item) for item in fields.each("components")) or (Component(WORK, Decimal(100)),),
        recipients=_recipients(fields),
        materials=fields.texts("materials"),
        full_marks=fields.optional_points("full_marks") or Decimal(100),
        bonus_cap=fields.optional_points("bonus_cap"),
        deduction_cap=fields.optional_points("deduction_cap"),
        deduction_bars=fields.texts("deduction_bars"),
        incident_rule=fields.flag("incident_rule"),
        indicators=tuple(_indicator(item) for item in fields.each("indicators")),
        adjustments=tuple(_adjustment(item) for item in fields.each("adjustments")),
        vetoes=tuple(_veto(item) for item in fields.each("vetoes")),
        unlimited=fields.texts("unlimited"),
    )
    once(fields, [part.code for part in track.parts()])
    once(fields, [indicator.code for indicator in track.indicators])
    once(fields, [adjustment.code for adjustment in track.adjustments] + [rule.code for rule in track.rules()])
    once(fields, [component.code for component in track.components])
    once(fields, [veto.code for veto in track.vetoes])
    return track


def _component(fields: Fields) -> Component:
    component = Component(
        code=fields.one_of("code", (WORK, RECIPIENTS, LEADERS)),
        weight=fields.points("weight"),
        trim=fields.optional_count("trim"),
        trim_share=fields.optional_points("trim_share"),
        least=fields.optional_count("least"),
    )
    if component.code == WORK:
        for name in RATING_OPTIONS:
            if fields.values.get(name) is not None:
                fields.wrong(name, msg(_("Leave it out: only ratings have it.")))
    if component.trim is not None and component.trim_share is not None:
        fields.wrong("trim_share", msg(_("Give a number or a share that is left out, not both.")))
    if component.trim_share is not None and component.trim_share >= ALL_LEFT_OUT:
        fields.wrong("trim_share", msg(_("Leave out less than half at each end.")))
    return component


def _recipients(fields: Fields) -> Recipients | None:
    value = fields.values.get("recipients")
    if value is None:
        return None
    inner = fields.reading.fields(value, f"{fields.place}.recipients")
    return Recipients(inner.optional_count("sample") or 0, inner.texts("categories"))


def _indicator(fields: Fields) -> Indicator:
    return Indicator(
        code=fields.text("code"),
        text=fields.optional_text("text") or "",
        points=fields.optional_points("points"),
        implied=fields.flag("implied"),
        parts=tuple(_part(item) for item in fields.each("parts")),
    )


def _part(fields: Fields) -> Part:
    part = Part(
        code=fields.text("code"),
        text=fields.optional_text("text") or "",
        points=fields.points("points"),
        at_least=fields.optional_count("at_least"),
        rate=fields.optional_points("rate"),
        per=fields.optional_text("per"),
        levels=tuple(_level(item) for item in fields.each("levels")),
        measure=fields.optional_text("measure"),
        losses=tuple(_rule(item) for item in fields.each("losses")),
    )
    if part.levels and max(level.points for level in part.levels) != part.points:
        fields.wrong("points", msg(_("Give the points of the best level.")))
    once(fields, [level.code for level in part.levels] + [loss.code for loss in part.losses])
    return part


def _level(fields: Fields) -> Level:
    least, below = band_of(fields)
    return Level(fields.text("code"), fields.optional_text("text") or "", fields.points("points"), least, below)


def band_of(fields: Fields) -> tuple[Decimal | None, Decimal | None]:
    """Return where a band begins, inclusive, and ends, exclusive; None is open."""
    least, below = fields.optional_points("least"), fields.optional_points("below")
    if least is not None and below is not None and least >= below:
        fields.wrong("below", msg(_("Give a number above that with which the band begins.")))
    return least, below


def _veto(fields: Fields) -> Veto:
    veto = Veto(
        code=fields.text("code"),
        text=fields.optional_text("text") or "",
        effect=fields.one_of("effect", (TO_ZERO, NOT_ASSESSED, BARS)),
        grades=fields.texts("grades"),
    )
    if (veto.effect == BARS) != bool(veto.grades):
        fields.wrong("grades", msg(_("Name the grades that are barred, and only where the effect is to bar grades.")))
    return veto


def _adjustment(fields: Fields) -> Adjustment:
    return Adjustment(
        code=fields.text("code"),
        kind=fields.one_of("kind", (BONUS, DEDUCTION)),
        text=fields.optional_text("text") or "",
        cap=fields.optional_points("cap"),
        rules=tuple(_rule(item) for item in fields.each("rules")),
        highest=fields.flag("highest"),
    )


def _rule(fields: Fields) -> Rule:
    rule = Rule(
        code=fields.text("code"),
        text=fields.optional_text("text") or "",
        rate=fields.points("rate"),
        per=fields.optional_text("per"),
        cap=fields.optional_points("cap"),
        rate_from=fields.optional_points("rate_from"),
        factor=fields.optional_points("factor"),
    )
    if rule.factor is not None:
        _factor(fields, rule)
    if rule.rate_from is not None and rule.rate_from > rule.rate:
        fields.wrong("rate_from", msg(_("Give no more than the rate.")))
    return rule


def _factor(fields: Fields, rule: Rule) -> None:
    """Note what a factor can't be: nothing, or a rule with points or times of its own."""
    if not rule.factor:
        fields.wrong("factor", msg(_('Give a decimal string above 0, such as "0.5".')))
    if rule.rate:
        fields.wrong("rate", msg(_('Give "0": a factor has no points of its own.')))
    for name in ("per", "cap", "rate_from"):
        if fields.values.get(name) is not None:
            fields.wrong(name, msg(_("Leave it out: a factor applies once, and has no points of its own.")))
