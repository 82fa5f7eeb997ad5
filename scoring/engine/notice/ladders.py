"""Tells steps of one ladder, of which the highest counts, from rules that are added up."""

import re
from collections.abc import Sequence
from dataclasses import replace

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.marks import STEP
from scoring.engine.track import Rule

# Steps of a ladder of which a unit stands on one: `国家级5分、省级3分`, `一等奖3分、二等奖2分`.
LADDER = re.compile(
    "国家级|全国|全[省市县区]|省部级|省级|市级|区县级|县级|区级|校级|院级|厅局级|县处级|乡科级|[特一二三四五]等奖?|[3-5]A级?|A{3,5}级?|[三四五]星级?|第[一二三四五六]名|[前]三名|[金银铜]奖|优秀|良好|合格"
    "|入围|入选|提名|特别重大|重大|较大|一般(?=[事安责隐违])|党中央|国务院|省委|省政府|市委|市政府|区委|区政府|县委|县政府"
)
# Of several rules only the one that comes to most counts.
HIGHEST = re.compile("[就择取]高[^,;。()]{0,8}|(?:[按取]|只计)最高[^,;。()]{0,6}")
# Of one matter only what comes to most counts, or it counts once: within a row, or over several.
NOT_TWICE = re.compile("[就择]高[^,;。()]{0,8}|不(?:得|予|再)?(?:重复|累|叠)[加计扣][^,;。()]{0,3}|只[加计扣]一次")
ONCE = re.compile(f"{HIGHEST.pattern}|{NOT_TWICE.pattern}")
# `点击量超10万次的`, `5次以上的`, `5万元至20万元的`: from how many on a step is reached.
NUMBER = r"\d+(?:\.\d+)?"
UNIT = rf"(?:[万千百亿]?(?:{STEP})|万|千|百)?"
THRESHOLD = re.compile(
    rf"(?P<head>[^\d]*?)(?:超过?|达到?|满|不足|低于|高于|少于|多于|突破|≥|>)?(?P<number>{NUMBER})(?P<unit>{UNIT})(?:\(含\))?"
    rf"(?:[-—–~至到]{NUMBER}(?P<last_unit>{UNIT}))?(?:及|或)?(?:以[上下内])?(?:\(含\))?的?"
)
# Whose act it is, by rank: `获中国残联推广加5分，省残联推广加3分`.
RANK = re.compile(
    "(?:获得?|被|受到?|得到|经|由|在|团)*(中央|党中央|国务院|国家|中国|全国|省|市|区|县)(?!场|政设施|域|别|分)"
)
# The same again, worse: `不合规的扣5分；情节严重的扣10分`.
WORSE = re.compile("(?:其中)?(?:情节|性质|后果|影响|造成)(?:较为?|特别|极其|十分)?(?:严重|恶劣|重大)")


def is_ladder(rules: Sequence[Rule]) -> bool:
    """Say whether rules are steps of one ladder: each counts once, and each names a step of its own."""
    if len(rules) < 2 or not counted_once(rules):  # noqa: PLR2004  one step is no ladder
        return False
    texts = [squeeze(fold(rule.text.rsplit("\n", 1)[-1])) for rule in rules]
    named = {steps[-1] for text in texts if (steps := LADDER.findall(text))}
    ranks = {rank[1] for text in texts if (rank := RANK.match(re.split("[,;:。]", text.rstrip(",;:。"))[-1]))}
    ordered = len(rules) in (len(named), len(ranks))
    return ordered or _rises(texts) or all(WORSE.match(text) for text in texts[1:])


def counted_once(rules: Sequence[Rule]) -> bool:
    """Say whether none of the rules counts for each of something."""
    return all(rule.per is None for rule in rules)


def from_one_on(rules: Sequence[Rule], folded: str) -> Sequence[Rule] | None:
    """Return the steps of a ladder that begins at once (`1次扣1分，2次扣3分，3次以上扣5分`); None where it is none."""
    first, *others = rules
    if first.per is None or "每" in folded or not others or not counted_once(others):
        return None
    once = replace(first, per=None)
    texts = [f"{squeeze(fold(first.text))}1{first.per}", *(squeeze(fold(rule.text)) for rule in others)]
    return (once, *others) if _rises(texts) else None


def _rises(texts: Sequence[str]) -> bool:
    """Say whether each text names another number of the same, and the later ones say nothing else than the first."""
    steps = [THRESHOLD.fullmatch(re.split("[,;:。]", text.rstrip(",;:。的"))[-1]) for text in texts]
    known = [step for step in steps if step]
    if len(known) < len(texts):
        return False
    apart = {step.group().removeprefix(step["head"]) for step in known}
    units = {step["unit"] or step["last_unit"] for step in known}
    alike = len(units) == 1 and all(step["head"] in texts[0] for step in known[1:])
    return alike and len(apart) == len(texts)
