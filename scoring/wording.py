"""How points are said to people: rounded by the engine (R16)."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.wording import NONE
from scoring.engine.basis import Basis
from scoring.engine.numbers import plain, points
from scoring.engine.quota import NEAREST, UP, Quota, written_exactly
from scoring.engine.score import vetoed
from scoring.engine.track import LEADERS, RECIPIENTS, WORK, Component, Part, Rule, TrackRules, Veto
from scoring.models import Incident

IN_A_FEW_WORDS = 16  # characters of a level, or of a loss


def say_points(value: object) -> str:
    """Says points or a count, trimmed, with up to two decimals rounded half up; a dash for none."""
    number = _rounded(value)
    return NONE if number is None else plain(number)


def say_score(value: object) -> str:
    """Says a score with always two decimals, rounded half up (R16); a dash for none."""
    number = _rounded(value)
    return NONE if number is None else str(number)


def say_rate(rate: Decimal, per: str | None) -> str:
    """Says what a rule or part gives: so many points for each piece, or once."""
    text = _("%(rate)s points each %(per)s") if per else _("%(rate)s points, once")
    return text % {"rate": say_points(rate), "per": per}


def say_rule(rule: Rule) -> str:
    """Says what a rule gives: so many points for each piece, or once, at discretion, or what it multiplies."""
    if rule.factor is not None:
        return _("× %(factor)s: multiplies what the rules beside it come to") % {"factor": plain(rule.factor)}
    if rule.rate_from is None:
        return say_rate(rule.rate, rule.per)
    each = _("%(least)s to %(most)s points each %(per)s, at discretion")
    once = _("%(least)s to %(most)s points at discretion, once")
    figures = {"least": say_points(rule.rate_from), "most": say_points(rule.rate), "per": rule.per}
    return (each if rule.per else once) % figures


def say_worth(rule: Rule) -> str:
    """Says in a few characters what a rule counts: its points for each piece, or its factor."""
    if rule.factor is not None:
        return f"× {plain(rule.factor)}"
    return say_points(rule.rate) + (f"/{rule.per}" if rule.per else "")


def say_loss(loss: Rule) -> str:
    """Says when something is lost of a part's points, and what: points, up to its limit, or all but a share."""
    if loss.factor is not None:
        return f"{loss.text} {say_worth(loss)}"
    limit = "" if loss.cap is None else f" ≤ {say_points(loss.cap)}"
    return f"{loss.text} − {say_rule(loss)}{limit}"


def say_kinds(part: Part) -> list[str]:
    """Says between which levels of a part is chosen, what is taken from its points, and what multiplies the rest."""
    kinds = []
    if part.levels:
        levels = _("; ").join(f"{level.text} = {say_points(level.points)}" for level in part.levels)
        kinds.append(_("One of these levels, never their sum: %(levels)s") % {"levels": levels})
    losses = [say_loss(loss) for loss in part.losses if loss.factor is None]
    factors = [say_loss(loss) for loss in part.losses if loss.factor is not None]
    if losses:
        kinds.append(_("Taken from the points, to 0 at the lowest: %(losses)s") % {"losses": _("; ").join(losses)})
    if factors:
        kinds.append(_("What is left is multiplied: %(factors)s") % {"factors": _("; ").join(factors)})
    return kinds


def say_basis(part: Part, basis: Basis) -> str:
    """Says what a level, a measured number and losses come to for a part; nothing where a unit says none of them."""
    if basis == Basis():
        return ""
    level, terms = basis.reached(part), []
    if basis.measured is not None:
        terms.append(_("measured %(number)s") % {"number": _measured(part, basis.measured)})
    if level is not None:
        reached = _("level “%(text)s”: %(points)s points")
        terms.append(reached % {"text": level.text, "points": say_points(level.points)})
    for loss, times in basis.lost(part):
        lost = _("“%(text)s” × %(times)s: − %(points)s") if loss.rate_from is None else _("“%(text)s”: − %(points)s")
        terms.append(lost % {"text": loss.text, "times": plain(times), "points": say_points(basis.worth(loss))})
    terms += map(say_loss, basis.multiplying(part))
    follows = basis.points(part)
    judged, follow = _("no level follows, the points are judged"), _("%(points)s points follow")
    terms.append(judged if follows is None else follow % {"points": say_points(follows)})
    return _("; ").join(terms)


def name_basis(part: Part | None, kept: Mapping[str, object], given: Decimal | None) -> str:
    """Names in a few words what the points `given` come from, as beside a number in a table; nothing where nothing is.

    The number measured, the level chosen, how often each loss applies; what would follow, where the points are others.
    `kept` is a basis as lines and seals keep it.
    """
    if part is None or not kept:
        return ""
    basis = Basis.from_json(kept)
    level, follows = part.level(basis.level), basis.points(part)
    terms = [] if basis.measured is None else [_measured(part, basis.measured)]
    if level is not None:
        terms.append(f"{level.code} {_in_a_few_words(level.text)}")
    for loss, times in basis.lost(part):
        sign = "×" if loss.rate_from is None else "−"
        terms.append(f"{_in_a_few_words(loss.text)} {sign} {plain(times)}")
    for loss in basis.multiplying(part):
        terms.append(f"{_in_a_few_words(loss.text)} {say_worth(loss)}")
    if follows is not None and given is not None and points(follows) != given:
        terms.append(_("%(points)s points would follow") % {"points": say_points(follows)})
    return _("; ").join(terms)


def _measured(part: Part, number: Decimal) -> str:
    return f"{plain(number)}{part.measure or ''}"


def _in_a_few_words(text: str) -> str:
    return Truncator(text).chars(IN_A_FEW_WORDS)


def say_rounding(how: str | None) -> str:
    """Says what becomes of a part of a unit in a quota."""
    return {UP: _("is rounded up"), NEAREST: _("is rounded half up")}.get(how or "", _("is rounded down"))


def say_quota(quota: Quota) -> str:
    """Says how many units a quota lets into its grade, of so many that are not known yet."""
    if quota.share is None:
        if quota.after is None:
            return say_most(quota.count or 0)
        return _("ranks %(first)d to %(last)d") % {"first": int(quota.after) + 1, "last": quota.count}
    values = {"share": _share(quota, quota.share), "rounded": say_rounding(quota.rounding)}
    if quota.after is None:
        return _("at most %(share)s, a part of a unit %(rounded)s") % values
    if not quota.after:
        return _("the first %(share)s, a part of a unit %(rounded)s") % values
    text = _("ranks from %(first)s to %(share)s, a part of a unit %(rounded)s")
    return text % (values | {"first": _share(quota, quota.after)})


def say_come_to(quota: Quota, units: int) -> str:
    """Says what a quota comes to for so many units: exactly, and in whole units at most (R16: nothing is hidden).

    Of ranks both ends are said, since each is rounded: a rounded difference would be another number.
    """
    ends, most = quota.ends(units), quota.most(units)
    if quota.share is None:
        ranks = _("%(ranks)s: %(most)s") % {"ranks": say_quota(quota), "most": say_most(most)}
        return say_quota(quota) if quota.after is None else ranks
    shares = (
        _share(quota, quota.share)
        if quota.after is None
        else f"{_share(quota, quota.after)}–{_share(quota, quota.share)}"
    )
    exact = "–".join(written_exactly(end) for end in (ends if ends[0] else ends[1:]))
    values = {"share": shares, "units": units, "exact": exact, "most": say_most(most)}
    if all(end.denominator == 1 for end in ends):
        return _("%(share)s of %(units)d units = %(exact)s: %(most)s") % values
    text = _("%(share)s of %(units)d units = %(exact)s, a part of a unit %(rounded)s: %(most)s")
    return text % (values | {"rounded": say_rounding(quota.rounding)})


def say_most(most: int) -> str:
    """Says how many units may get a grade."""
    return _("at most %(count)d") % {"count": most}


def say_whose(grade: str, track: TrackRules | None, *, together: bool = False) -> str:
    """Says of which grade a quota is, and of which track; or of all `together`, where there are several."""
    if track is None and not together:
        return grade
    return f"{grade}（{all_together() if track is None else track.name or track.code}）"


def all_together() -> str:
    """How all tracks of a scheme are called where something holds for them together."""
    return _("All tracks together")


def _share(quota: Quota, figure: Decimal) -> str:
    return f"{plain(figure)}/{quota.of}" if quota.of else f"{plain(figure)}%"


def say_effect(veto: Veto) -> str:
    """Says what a veto does to the unit."""
    if veto.to_zero:
        return _("The total counts 0")
    return _("Not assessed") if veto.not_assessed else _("Can't be %(grades)s") % {"grades": "、".join(veto.grades)}


def say_veto(veto: Veto) -> str:
    """Says which veto it is and what it does."""
    return vetoed(veto).text(_)


def say_consequence(incident: Incident, rules: TrackRules) -> str:
    """Says what follows from an incident: from the veto that it falls under, else from what the office chose."""
    veto = rules.veto(incident.veto)
    if veto is not None:
        return say_veto(veto)
    if incident.not_assessed:
        return _("Not assessed")
    return _("Can't be %(grades)s") % {"grades": "、".join(incident.bars)}


def component_label(code: str) -> str:
    """How a component of the total is called."""
    return {WORK: _("Work assessment"), RECIPIENTS: _("Service recipients"), LEADERS: _("Leaders")}[code]


def say_rating_options(component: Component) -> str:
    """Says which ratings of a component are left out and how many it needs; nothing where all count (R9)."""
    options = []
    if component.trim:
        options.append(_("without the %(count)d highest and the %(count)d lowest") % {"count": component.trim})
    if component.trim_share:
        options.append(_("without %(share)s%% at each end") % {"share": say_points(component.trim_share)})
    if component.least:
        options.append(_("at least %(count)d ratings") % {"count": component.least})
    return _("; ").join(options)


def _rounded(value: object) -> Decimal | None:
    """The points, None where there are none; what is no number is a fault of ours and raises, never a dash."""
    return None if value is None or value == "" else points(Decimal(str(value)))
