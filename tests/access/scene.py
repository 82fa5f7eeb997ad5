"""The scene of the walk: a finished cycle, a running one, and everybody who could try to look where they should not."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from django.core.files.base import ContentFile

from accounts.confirmations import ask
from accounts.models import ChangeKind, Department, GuardedChange, Membership, Role, Unit, User
from common import clock
from documents.models import Material, NoticeReceipt, ResultNotice, Submission
from outbox.models import Message
from outbox.services import mail, queue
from scoring.models import Ballot, Draw, Drawing, Incident, PublicRoster, Record, ScoreSheet, SheetLine
from scoring.services.library import put_in_library
from tests.support.drawings import drawn
from tests.support.snapshots import first
from tests.support.versions import submitted, worth
from tests.support.world import World, a_cycle, a_person, fill
from workflow.board.models import Board
from workflow.bulk.models import BulkKind, BulkRun
from workflow.filing.services.acceptance import accept
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks
from workflow.office.models import FinishedSweep
from workflow.publicity.models import Objection, Publicity
from workflow.publicity.services.objections import Signed, file_objection

# In the running cycle: one that fills, one that waits for the desk, one under review. All are of the same track.
FILLING, HANDED_IN, REVIEWED = range(3)
SECRET_NAME = "天机不可泄露科协"
SECRET_TEXT = "此处所填，外人不得见"


@dataclass
class Scene:
    """What is there, and who; `people` hold the right role in the right place, `foreigners` in another."""

    late: World
    early: World
    at: datetime
    people: dict[Role, User]
    foreigners: dict[Role, User]
    records: dict[str, int] = field(default_factory=dict)

    @property
    def running(self) -> list[Assessment]:
        """The assessments of the running cycle, in the order of the constants above."""
        return self.early.assessments

    def task(self, node: str) -> Task:
        """An open task of the running cycle."""
        return open_tasks(node).filter(process__sheet__cycle=self.early.cycle).earliest("pk")


def _joined(user: User, units: list[Unit]) -> None:
    long_ago = clock.now() - timedelta(days=500)
    for unit in units:
        Membership.objects.create(user=user, role=Role.FILER, unit=unit, since=long_ago)


def _people(world: World, units: list[Unit]) -> dict[Role, User]:
    filer = a_person(Role.FILER, unit=units[0])
    _joined(filer, units[1:])
    desk = world.desks["district"]
    return {
        Role.FILER: filer,
        Role.REVIEWER: a_person(Role.REVIEWER, department=desk),
        Role.HEAD: a_person(Role.HEAD, department=desk),
        Role.OFFICE: a_person(Role.OFFICE),
        Role.LEADER: a_person(Role.LEADER),
        Role.CHIEF: a_person(Role.CHIEF),
        Role.SUPERVISOR: a_person(Role.SUPERVISOR),
    }


def _foreigners(unit: Unit, department: Department) -> dict[Role, User]:
    return {
        Role.FILER: a_person(Role.FILER, unit=unit),
        Role.REVIEWER: a_person(Role.REVIEWER, department=department),
        Role.HEAD: a_person(Role.HEAD, department=department),
    }


def _running_cycle(at: datetime) -> World:
    """The cycle of the next year with three units of one track at three steps, and one unit of another."""
    world = a_cycle(year=2027, number="测科协发〔2027〕1号", issued="2027-02-01", deadline="2027-12-31").with_units(3)
    ScoreSheet.objects.filter(cycle=world.cycle).update(unit_name=SECRET_NAME)
    Unit.objects.filter(sheets__cycle=world.cycle).update(name=SECRET_NAME)
    world.with_units(1, "society")
    world.at = at
    world.opened()
    for place in (HANDED_IN, REVIEWED):
        assessment = world.assessments[place]
        filer = world.filers[assessment.sheet_id]
        fill(assessment.sheet, filer)
        submit_assessment(task=world.task(assessment, "self_evaluation"), by=filer, arrived_at=at)
    accept(task=world.task(world.assessments[REVIEWED], "acceptance"), by=world.reviewers["district"])
    fill(world.assessments[FILLING].sheet, world.filers[world.assessments[FILLING].sheet_id])
    SheetLine.objects.filter(sheet__in=[assessment.sheet_id for assessment in world.assessments[:3]]).update(
        text=SECRET_TEXT
    )
    drawn(world)
    return world


def build() -> Scene:
    """The whole scene, built once in a process; ask it inside `clock.travel(scene.at)`."""
    return cast(Scene, first("the scene of the walk", _build))


def _build() -> Scene:
    late = a_cycle().with_units(1).with_units(1, "society").published()
    objection = _objection(late)
    at = late.at + timedelta(days=30)
    with clock.travel(at):
        early = _running_cycle(at)
        district = [
            assessment.sheet.unit
            for world in (late, early)
            for assessment in world.assessments
            if _is_district(assessment)
        ]
        society = next(assessment.sheet.unit for assessment in early.assessments if not _is_district(assessment))
        scene = Scene(
            late=late,
            early=early,
            at=at,
            people=_people(early, district),
            foreigners=_foreigners(society, early.desks["society"]),
        )
        scene.records = _records(scene) | {"objection": objection.pk}
    return scene


def _is_district(assessment: Assessment) -> bool:
    return assessment.sheet.track.code == "district"


def _objection(world: World) -> Objection:
    publicity = Publicity.objects.filter(board__track__code="district").latest("pk")
    with world.clock():
        return file_objection(
            publicity=publicity,
            sheet=world.assessments[0].sheet,
            arrived_at=clock.now(),
            text="有异议",
            signed=Signed(kind="person", name="样例", contact="13900000000"),
        )


def _records(scene: Scene) -> dict[str, int]:
    """The keys of single rows that addresses name, all about the track of districts."""
    sheet = scene.running[REVIEWED].sheet
    office, reviewer = scene.people[Role.OFFICE], scene.people[Role.REVIEWER]
    record = Record.objects.create(
        cycle=scene.early.cycle,
        unit=sheet.unit,
        department=scene.early.desks["district"],
        kind="note",
        text="一事",
        happened_on=clock.today(),
        logged_by=reviewer,
    )
    incident = Incident.objects.create(
        sheet=sheet,
        kind="safety",
        not_assessed=True,
        reason="事故",
        decided_by=office,
        document=ContentFile(b"%PDF-1.4", name="decision.pdf"),
        document_name="decision.pdf",
    )
    district = Board.objects.filter(track__cycle=scene.late.cycle, track__code="district").latest("pk")
    asked = ask(wanted=GuardedChange(kind=ChangeKind.ROLE, user=scene.people[Role.LEADER], role=Role.CHIEF), by=office)
    FinishedSweep.objects.update_or_create(pk=1, defaults={"finished_at": clock.machine_now() + timedelta(hours=1)})
    queue([mail(cause="walk", to=scene.people[Role.FILER], subject="一件事", body="请办理。")])
    run = BulkRun.objects.create(kind=BulkKind.CONSOLIDATE, cycle=scene.early.cycle, by=office)
    (item,) = put_in_library(
        scheme=scene.early.cycle.scheme, places=[("tracks", 0, "indicators", 0)], by=scene.people[Role.OFFICE]
    )
    proposal = submitted(scene.early, *worth("30"))
    return {
        "proposal": proposal.pk,
        "item": item.pk,
        "bulk_run": run.pk,
        "record": record.pk,
        "incident": incident.pk,
        "board": district.pk,
        "guarded_change": asked.pk,
        "draw": Draw.objects.get(sheet=sheet).pk,
        "drawing": Drawing.objects.get().pk,
        "fixed_roster": PublicRoster.objects.get(sheet=sheet).pk,
        "ballot": Ballot.objects.filter(draw__sheet=sheet).earliest("pk").pk,
        "material": Material.objects.get(sheet=scene.running[HANDED_IN].sheet).pk,
        "own_material": Material.objects.get(sheet=scene.running[FILLING].sheet).pk,
        "submission": Submission.objects.get(sheet=scene.running[HANDED_IN].sheet).pk,
        "message": Message.objects.get(cause="walk").pk,
        "track": scene.early.cycle.tracks.get(code="district").pk,
        **_notice(scene),
    }


def _notice(scene: Scene) -> dict[str, int]:
    """An issued notice of the finished cycle with the receipt of the district's unit."""
    notice = ResultNotice.objects.create(
        cycle=scene.late.cycle,
        number="测科协发〔2027〕8号",
        title="通报",
        issued_on=clock.today(),
        sha256="0" * 64,
        body={"issuer": "测试市科协", "addressees": "各单位", "paragraphs": ["通报。"], "tracks": []},
        issued_by=scene.people[Role.OFFICE],
        file=ContentFile(b"PK", name="notice.docx"),
    )
    receipt = NoticeReceipt.objects.create(notice=notice, sheet=scene.late.assessments[0].sheet)
    return {"notice": notice.pk, "receipt": receipt.pk}
