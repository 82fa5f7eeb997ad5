"""Made-up entries of self-evaluations, rosters and reasons; drawn from a seeded random source, the same every time."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

ACTIVITIES = (
    "“弘扬爱国奋斗精神、建功立业新时代”主题活动",
    "全国科技工作者日座谈会",
    "科技志愿服务进社区活动",
    "学术报告会",
    "青年科技论坛",
    "科普大篷车进校园活动",
    "技术需求对接会",
    "创新方法培训班",
    "公民科学素质竞赛",
    "院士专家咨询会",
)
AS_CLAIMED = 0.75
PLACES = ("科技馆", "会议中心", "职教中心", "人民广场", "中心小学", "产业园", "医院学术厅", "图书馆")
REASONS = ("佐证材料少一次活动的签到", "活动次数不足", "一次活动与上年重复", "宣传报道不属主流媒体")


def activity(random: Random, year: int) -> str:
    """One activity in the words of the notice's example."""
    day = date(year, 1, 1) + timedelta(days=random.randrange(1, 330))
    place, what, people = random.choice(PLACES), random.choice(ACTIVITIES), random.randrange(20, 400)
    return f"{day.year}年{day.month}月{day.day}日，在{place}，举办{what}，参加人员{people}人等。"


def entry(random: Random, year: int) -> str:
    """What was done for a part: a few activities."""
    return "\n".join(activity(random, year) for _ in range(random.randrange(1, 4)))


def claimed(random: Random, limit: Decimal, zeal: float) -> Decimal:
    """Points that a unit claims of `limit`, in halves; `zeal` from 0 to 1 says how good the unit is."""
    share = min(1.0, 0.75 + 0.25 * zeal + random.uniform(-0.08, 0.08))
    return _halves(limit * Decimal(str(share)), limit)


def given(random: Random, claim: Decimal) -> Decimal:
    """Points that a reviewer gives for a claim: mostly the claim, sometimes less."""
    if random.random() < AS_CLAIMED:
        return claim
    return _halves(claim * Decimal(str(random.uniform(0.75, 0.98))), claim)


def _halves(value: Decimal, limit: Decimal) -> Decimal:
    return min((value * 2).to_integral_value() / 2, limit)


def people(count: int, unit_number: int) -> list[tuple[str, str]]:
    """Made-up people of a roster: names that nobody bears, phones of a block that is not given out."""
    return [(f"示例人{unit_number:03d}{number:03d}", f"1990{unit_number:03d}{number:04d}") for number in range(count)]
