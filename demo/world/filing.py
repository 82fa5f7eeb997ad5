"""What units do in the demo: fill their sheets, hand in materials and rosters, submit."""

import hashlib
from decimal import Decimal
from random import Random

from django.core.files.base import ContentFile

from accounts.models import User
from common import clock
from common.narrow import known
from demo.world import texts
from demo.world.stage import Stage
from documents.models import Material, MaterialKind, RosterEntry
from documents.services.roster import Person, entry_of
from scoring.models import LineKind, ScoreSheet, SheetLine
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Node
from workflow.flow.queries.process import open_task

SUMMARY = "%PDF-1.4\n% 演示文件：年度工作总结\n%%EOF\n".encode()
ROSTER_SIZE = 26
BONUS_SHARE = 0.35


def fill(sheet: ScoreSheet, by: User, random: Random, *, parts: float = 1.0, bonuses: bool = True) -> None:
    """Fill a share of the parts (all by default), some bonuses, as a unit of chance zeal would."""
    rules, zeal = sheet.rules, random.random()
    lines = list(sheet.lines.all())
    scored = [line for line in lines if line.kind == LineKind.PART]
    for line in scored[: round(len(scored) * parts)]:
        part = known(rules.part(line.code))
        line.claimed = texts.claimed(random, part.points, zeal)
        line.text = texts.entry(random, sheet.cycle.year)
    for line in lines if bonuses else []:
        if line.kind == LineKind.RULE and line.code.startswith("B") and random.random() < BONUS_SHARE:
            line.claimed, line.text = Decimal(1), texts.activity(random, sheet.cycle.year)
    for line in lines:
        line.claimed_by, line.claimed_at = by, clock.now()
    SheetLine.objects.bulk_update(lines, ["claimed", "text", "claimed_by", "claimed_at"])


def hand_in(sheet: ScoreSheet, by: User) -> None:
    """The work summary, and the roster where the track wants one."""
    summary = ContentFile(SUMMARY, name=f"summary-{sheet.cycle.year}-{sheet.unit.code}.pdf")
    Material.objects.create(
        sheet=sheet,
        kind=MaterialKind.SUMMARY,
        file=summary,
        name="年度工作总结.pdf",
        size=len(SUMMARY),
        sha256=hashlib.sha256(SUMMARY).hexdigest(),
        uploaded_by=by,
    )
    recipients = sheet.rules.recipients
    if recipients is None:
        return
    people = texts.people(ROSTER_SIZE, sheet.unit_id)
    RosterEntry.objects.bulk_create(
        entry_of(
            Person(recipients.categories[number % len(recipients.categories)], name, phone),
            sheet=sheet,
            position=number,
        )
        for number, (name, phone) in enumerate(people, start=1)
    )


def submit(assessment: Assessment, by: User) -> None:
    """Submit what stands there, now."""
    task = known(open_task(assessment, Node.SELF_EVALUATION))
    submit_assessment(task=task, by=by, arrived_at=clock.now())


def file(stage: Stage, assessment: Assessment) -> None:
    """Fill everything, hand everything in, and submit, now."""
    by = stage.filers[assessment.sheet.unit_id]
    fill(assessment.sheet, by, stage.random)
    hand_in(assessment.sheet, by)
    submit(assessment, by)
