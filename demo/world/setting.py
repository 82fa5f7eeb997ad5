"""Setting a cycle up as the office would: notice, findings, units, responsibilities, plan, opening."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Department, Unit, User
from common import clock
from demo.world.cast import Cast, make_filers
from demo.world.names import names_of
from scoring.engine.edit import Place
from scoring.engine.notice import read_notice
from scoring.models import Cycle, KeyHolding, Scheme, ScoreSheet
from scoring.readers.sources import read_source
from scoring.services.corrections import confirm_findings
from scoring.services.cycles import default_plan, set_plan, set_responsibilities
from scoring.services.library import put_in_library
from scoring.services.schemes import load_scheme
from workflow.bulk.services import work_off
from workflow.office.services.opening import open_cycle
from workflow.rating.services.keys import make_key
from workflow.rating.services.window import set_rating_window

NOTICE_YEAR = 2020
NOTICE = Path(settings.BASE_DIR) / "scoring" / "notices" / "notice-2020.txt"
# In the district track these departments answer for indicators beside the desk.
ANSWERS = {"4": "科学技术普及部", "5": "科学技术普及部", "6": "调研宣传部", "8": "调研宣传部"}

# Rows of the district track that the office keeps in the indicator library.
SHELVED = (("indicators", 0), ("indicators", 1), ("indicators", 3), ("adjustments", 0), ("adjustments", 5))


def notice_of(year: int, issued: date) -> bytes:
    """The notice of 2020, or the same notice as another year might issue it; plainly made up then."""
    text = NOTICE.read_text(encoding="utf-8")
    if year != NOTICE_YEAR:
        text = text.replace("2020年12月1日", f"{issued.year}年{issued.month}月{issued.day}日").replace(
            str(NOTICE_YEAR), str(year)
        )
        text = text.replace("〕105号", "〕999号")
    return text.encode()


def load(year: int, issued: date, office: User | None) -> Scheme:
    """Import the notice of a year as a draft."""
    content, name = notice_of(year, issued), f"notice-{year}.txt"
    with translation.override(settings.LANGUAGE_CODE):
        body = read_notice(read_source(name, content)).to_json(gettext)
    return load_scheme(body, source_name=name, source=content, by=office)


def confirm(scheme: Scheme, office: User) -> None:
    """Confirm what the reading of the notice left open."""
    ids = list(scheme.findings.values_list("pk", flat=True))
    confirm_findings(scheme=scheme, ids=ids, by=office, reason="演示：按条文确认")


def enter(cycle: Cycle, counts: dict[str, int], units: dict[str, list[Unit]]) -> None:
    """Give every unit its sheet; a unit that took part before takes part again under its name."""
    for track in cycle.tracks.all():
        known = units.setdefault(track.code, [])
        names = names_of(track.code, counts[track.code])
        new = [Unit(code=f"{track.code[0]}{number:03d}", name=name) for number, name in enumerate(names, start=1)]
        known.extend(Unit.objects.bulk_create(new[len(known) :]))
        ScoreSheet.objects.bulk_create(
            ScoreSheet(cycle=cycle, track=track, unit=unit, unit_name=unit.name) for unit in known[: len(names)]
        )


def share_out(cycle: Cycle, office: User) -> None:
    """Let two departments answer for parts of the district track; elsewhere the desk answers for all."""
    track = cycle.tracks.filter(code="district").select_related("desk").first()
    if track is None or track.desk is None:
        return
    departments = {department.name: department for department in Department.objects.all()}
    answers = {
        code: departments[ANSWERS[code.split(".")[0]]]
        for code in track.responsibilities.values_list("code", flat=True)
        if code.split(".")[0] in ANSWERS
    }
    set_responsibilities(track=track, desk=track.desk, answers=answers, by=office)


def shelve(cycle: Cycle, office: User) -> None:
    """Keep a handful of rows of the district track in the indicator library."""
    (track,) = (number for number, rules in enumerate(cycle.scheme.rules.tracks) if rules.code == "district")
    places: list[Place] = [("tracks", track, name, number) for name, number in SHELVED]
    put_in_library(scheme=cycle.scheme, places=places, by=office)


def open_it(cycle: Cycle, cast: Cast, *, ratings: tuple[datetime, datetime]) -> None:
    """Plan the steps, set the rating window, make the key of the ballot box, which a demo's system holds, and open."""
    plan, _known = default_plan(cycle)
    set_plan(cycle=cycle, plan=plan, by=cast.office)
    set_rating_window(cycle=cycle, opens_at=ratings[0], closes_at=ratings[1], by=cast.office)
    make_key(cycle=cycle, holding=KeyHolding.SYSTEM, by=cast.office)
    cycle.refresh_from_db()
    work_off(open_cycle(cycle=cycle, by=cast.office))
    cycle.refresh_from_db()


def filers_for(units: dict[str, list[Unit]], known: dict[int, User]) -> dict[int, User]:
    """A filer for every unit that has none yet; unit id → person."""
    new = [unit for group in units.values() for unit in group if unit.pk not in known]
    return known | make_filers(new)


def chance(year: int) -> Random:
    """The demo's chance: the same every time."""
    return Random(year)  # noqa: S311  # made-up entries, no secret


def spread(begin: datetime, end: datetime, share: float) -> datetime:
    """The instant that lies `share` (0 to 1) of the way from `begin` to `end`."""
    return begin + timedelta(seconds=(end - begin).total_seconds() * share)


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """An instant in Beijing."""
    return datetime(year, month, day, hour, minute, tzinfo=clock.BEIJING)
