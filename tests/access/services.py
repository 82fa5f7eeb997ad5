"""Whom every service obeys; a service that is not listed here fails the walk in `test_every_service.py`.

To add a service: one line in TABLE under its module and name, with the roles that may (in the right place) and a call
that does it: whoever may must succeed. Everybody else is refused by a rule: other roles, people of another unit or
department, and somebody without a role. NOT_YET names the calls that this house is not ready for, and why.
ABOUT_A_UNIT names those that decide about one unit: whoever files for it is refused as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django.core.files.base import ContentFile

from accounts import services as people
from accounts.grants import Grant, NewPerson
from accounts.models import Role, Unit, User
from common import clock
from common.tables.heads import TableRow
from demo.services import passing
from documents.contents import Contents
from documents.models import Material, MaterialKind, NoticeReceipt, ResultNotice
from documents.services import materials, notices, roster, submissions
from scoring.engine.edit import Edit
from scoring.models import (
    Ballot,
    Comment,
    Cycle,
    Draw,
    Drawing,
    Incident,
    IncidentKind,
    KeyHolding,
    LibraryItem,
    Record,
    RecordKind,
    SchemeProposal,
    ScoreSheet,
)
from scoring.readers.several import File
from scoring.services import (
    corrections,
    cycles,
    editing,
    holidays,
    library,
    rolling,
    schemes,
    starting,
    units,
    uploads,
)
from tests.support import source
from tests.support.boxes import ballots_of
from tests.support.drawings import BLUE, RED, SECRETS, a_lottery_day, drawn, with_numbers
from tests.support.schemes import a_body
from tests.support.snapshots import first
from tests.support.versions import proposed, submitted, worth
from tests.support.world import World, a_cycle, a_person, fill
from tests.support.world import review as score
from workflow.board.models import Board, BoardLine
from workflow.board.services import grading, signing, submitting
from workflow.circulation import services as circulation
from workflow.consolidation.services import consolidation, incidents
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.filing.services import acceptance, claims, filing, self_evaluation
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks
from workflow.inbox import services as assignments
from workflow.office.services import closing, extensions, nudges, opening, plan, undelivered
from workflow.publicity.models import Objection, ObjectionDecision, Publicity
from workflow.publicity.services import objections, publicity
from workflow.rating.services import (
    comments,
    drawings,
    draws,
    keys,
    ratings,
    replacements,
    seeds,
    slips,
    too_few,
    window,
)
from workflow.rating.services import opening as boxes
from workflow.review.services import points, records, review
from workflow.versions.services import proposing
from workflow.versions.services import signing as versions

FILLING, HANDED_IN, REVIEWED, TO_DRAW, RESULT = range(5)  # the last one is of the track of societies
PDF = b"%PDF-1.4 decision"


@dataclass
class House:
    """A running cycle with a unit at each of four steps and one to be drawn, next year's draft, and rows to act on."""

    world: World
    draft: Cycle
    people: dict[Role, User]
    foreigners: list[User]
    board: Board
    objection: Objection
    notice: ResultNotice
    drawing: Drawing

    def assessment(self, place: int) -> Assessment:
        """The unit at a step."""
        return self.world.assessments[place]

    def task(self, node: str) -> Task:
        """The open task of a node."""
        return open_tasks(node).select_related("process__sheet").earliest("pk")

    @property
    def sheet(self) -> ScoreSheet:
        """The sheet of the unit that fills its self-evaluation."""
        sheet: ScoreSheet = self.assessment(FILLING).sheet
        return sheet

    @property
    def reviewed(self) -> ScoreSheet:
        """The sheet of the unit under review, about which the single rows are."""
        sheet: ScoreSheet = self.assessment(REVIEWED).sheet
        return sheet

    @property
    def planned(self) -> ScoreSheet:
        """A sheet of the draft."""
        return self.draft.sheets.select_related("track", "cycle").get()


def build() -> House:
    """The house, built once in a process; act on it inside `house.world.clock()`."""
    return cast(House, first("the house of the services", _build))


def _build() -> House:
    world = a_cycle().with_units(4).with_units(1, "society").opened()
    with world.clock():
        for place in (HANDED_IN, REVIEWED, TO_DRAW, RESULT):
            assessment = world.assessments[place]
            filer = world.filers[assessment.sheet_id]
            fill(assessment.sheet, filer)
            self_evaluation.submit_assessment(
                task=world.task(assessment, "self_evaluation"), by=filer, arrived_at=world.at
            )
        accept_district(world, REVIEWED)
        accept_and_review(world, world.assessments[RESULT])
        drawn(world)
        accept_district(world, TO_DRAW)
        return _furnished(world, with_numbers(world))


def accept_district(world: World, place: int) -> None:
    """Let a district's recipients wait to be drawn."""
    acceptance.accept(task=world.task(world.assessments[place], "acceptance"), by=world.reviewers["district"])


def accept_and_review(world: World, assessment: Assessment) -> None:
    """Let a society's result wait for the office."""
    by, head = world.reviewers["society"], world.heads["society"]
    acceptance.accept(task=world.task(assessment, "acceptance"), by=by)
    task = world.task(assessment, "department_review")
    score(task, by)
    review.approve_review(task=task, by=head)


def _furnished(world: World, drawing: Drawing) -> House:
    sheets = [assessment.sheet for assessment in world.assessments]
    filer, other = a_person(Role.FILER, unit=sheets[0].unit), world.filers[sheets[RESULT].pk]
    for sheet in sheets[1:3]:
        people.add_membership(user=filer, grant=Grant(Role.FILER, sheet.unit), by=None)
    desk, elsewhere = world.desks["district"], world.desks["society"]
    cast = {role: a_person(role) for role in (Role.OFFICE, Role.LEADER, Role.CHIEF, Role.SUPERVISOR)}
    cast |= {role: a_person(role, department=desk) for role in (Role.REVIEWER, Role.HEAD)} | {Role.FILER: filer}
    nobody = User.objects.create_user("nobody", "secret", name="无")
    foreigners = [other, nobody, *(a_person(role, department=elsewhere) for role in (Role.REVIEWER, Role.HEAD))]
    body = a_body(year=2027, number="测科协发〔2027〕1号", issued="2027-02-01", deadline="2027-12-31")
    draft = schemes.load_scheme(body, source_name="notice.txt", source=b"notice").cycle
    track = draft.tracks.get(code="district")
    ScoreSheet.objects.create(cycle=draft, track=track, unit=sheets[0].unit, unit_name="单位")
    reviewed, office = sheets[REVIEWED], cast[Role.OFFICE]
    library.put_in_library(scheme=draft.scheme, places=[("tracks", 0, "indicators", 0)], by=office)
    board = Board.objects.create(track=reviewed.track, version=1, submitted_by=office, submitted_at=world.at)
    BoardLine.objects.create(board=board, sheet=reviewed, rank=1, total=Decimal(90))
    signed = Board.objects.create(
        track=reviewed.track, version=0, submitted_by=office, signed_at=world.at, superseded_at=world.at
    )
    shown = Publicity.objects.create(board=signed, published_by=office, ends_at=world.at, count_first_day=False)
    Incident.objects.create(
        sheet=reviewed,
        kind="safety",
        reason="事故",
        decided_by=office,
        document_name="decision.pdf",
        document=ContentFile(PDF, name="decision.pdf"),
    )
    Record.objects.create(
        cycle=world.cycle,
        unit=reviewed.unit,
        department=desk,
        kind="note",
        text="一事",
        happened_on=clock.today(),
        logged_by=cast[Role.REVIEWER],
    )
    notice = ResultNotice.objects.create(
        cycle=world.cycle,
        number="测科协发〔2027〕8号",
        title="通报",
        issued_on=clock.today(),
        sha256="0" * 64,
        body={},
        issued_by=office,
        file=ContentFile(b"PK", name="notice.docx"),
    )
    NoticeReceipt.objects.create(notice=notice, sheet=reviewed)
    objection = Objection.objects.create(
        publicity=shown,
        sheet=reviewed,
        kind="person",
        name="样例",
        contact="13900000000",
        text="有异议",
        filed_at=world.at,
        receipt="20261201-1",
    )
    return House(
        world=world,
        draft=draft,
        people=cast,
        foreigners=foreigners,
        board=board,
        objection=objection,
        notice=notice,
        drawing=drawing,
    )


@dataclass(frozen=True)
class Obeys:
    """The roles that a service obeys, in the right place, and a call of it."""

    roles: frozenset[Role]
    call: Callable[[House, User], Any]


def only(*roles: Role) -> Callable[[Callable[[House, User], Any]], Obeys]:
    """The roles, then the call."""
    return lambda call: Obeys(frozenset(roles), call)


FILER, OFFICE, CHIEF, HEAD = only(Role.FILER), only(Role.OFFICE), only(Role.CHIEF), only(Role.HEAD)
DEPARTMENT = only(Role.REVIEWER, Role.HEAD)
RECORDS = only(Role.REVIEWER, Role.HEAD, Role.OFFICE)
GROUP = only(Role.OFFICE, Role.CHIEF)
WITNESS = only(Role.OFFICE, Role.SUPERVISOR, Role.LEADER, Role.CHIEF)


def soon() -> Any:
    """An instant ahead of every date of the cycle."""
    return clock.now() + timedelta(days=200)


def a_file(name: str = "summary.pdf") -> Any:
    """A file that may be uploaded."""
    return ContentFile(PDF, name=name)


def a_decision() -> Decision:
    """A decision on an incident."""
    return Decision(
        kind=IncidentKind.SAFETY, consequence=Consequence.FIRST, reason="事故", document=a_file("decision.pdf")
    )


def _material(house: House) -> Material:
    return Material.objects.create(
        sheet=house.sheet,
        kind=MaterialKind.SUMMARY,
        file=a_file(),
        name="summary.pdf",
        size=16,
        sha256="0" * 64,
        uploaded_by=house.people[Role.FILER],
    )


def _held(house: House) -> Task:
    """A review that somebody else holds."""
    Task.objects.filter(pk=house.task("department_review").pk).update(owner=house.world.reviewers["district"])
    return house.task("department_review")


def _item() -> LibraryItem:
    """An item of the indicator library."""
    return LibraryItem.objects.get()


def _submitted(house: House) -> SchemeProposal:
    """A version of the scheme that waits for its signature; the same one when asked again."""
    return SchemeProposal.objects.first() or submitted(house.world, *worth("30"))


def _ballot(house: House) -> Ballot:
    """A ballot of the unit under review; the same one when asked again."""
    return (
        Ballot.objects.filter(draw__sheet=house.reviewed).first()
        or ballots_of(house.world, house.assessment(REVIEWED), 1)[0]
    )


def _line(house: House) -> int:
    return int(house.board.lines.get().pk)


NOTICE = (source.ROOT / "scoring" / "notices" / "notice-2020.txt").read_bytes()
PERSON = TableRow(number=1, cells=("科技志愿者", "样例", "13900000001"))
TABLE: dict[str, Obeys] = {
    # accounts: of people whom no second person guards
    "accounts.add_person": OFFICE(
        lambda house, by: people.add_person(
            person=NewPerson(username="new", name="新", email="", grant=Grant(Role.FILER, house.sheet.unit)), by=by
        )
    ),
    "accounts.change_account": OFFICE(
        lambda house, by: people.change_account(user=house.foreigners[0], name="新名", email="", by=by)
    ),
    "accounts.reset_password": OFFICE(lambda house, by: people.reset_password(user=house.foreigners[0], by=by)),
    "accounts.set_active": OFFICE(lambda house, by: people.set_active(user=house.foreigners[0], active=False, by=by)),
    "accounts.add_membership": OFFICE(
        lambda house, by: people.add_membership(
            user=house.foreigners[0], grant=Grant(Role.FILER, house.sheet.unit), by=by
        )
    ),
    "accounts.end_membership": OFFICE(
        lambda house, by: people.end_membership(membership=house.foreigners[0].memberships.earliest("pk"), by=by)
    ),
    "accounts.save_place": OFFICE(lambda _house, by: people.save_place(place=Unit(), code="new", name="新", by=by)),
    "accounts.import_accounts": OFFICE(lambda _house, by: people.import_accounts(people=[], by=by)),
    # documents
    "documents.materials.add_material": FILER(
        lambda house, by: materials.add_material(sheet=house.sheet, kind=MaterialKind.SUMMARY, file=a_file(), by=by)
    ),
    "documents.materials.keep_material": FILER(
        lambda house, by: materials.keep_material(material=_material(house), sheet=house.sheet, by=by)
    ),
    "documents.materials.remove_material": FILER(
        lambda house, by: materials.remove_material(material=_material(house), by=by)
    ),
    "documents.notices.seal_notice": OFFICE(
        lambda house, by: notices.seal_notice(notice=house.notice, cycle=house.world.cycle, by=by)
    ),
    "documents.roster.put_roster": FILER(lambda house, by: roster.put_roster(sheet=house.sheet, people=[], by=by)),
    "documents.roster.replace_roster": FILER(
        lambda house, by: roster.replace_roster(sheet=house.sheet, rows=[PERSON], by=by)
    ),
    "documents.roster.waive_roster": OFFICE(
        lambda house, by: roster.waive_roster(sheet=house.sheet, by=by, reason="辖区小")
    ),
    "documents.submissions.seal_submission": FILER(
        lambda house, by: submissions.seal_submission(contents=Contents(house.sheet), by=by, arrived_at=clock.now())
    ),
    # scoring
    "workflow.filing.claims.save_claims": FILER(
        lambda house, by: claims.save_claims(sheet=house.sheet, claims=[], by=by)
    ),
    "scoring.corrections.change_scheme": OFFICE(
        lambda house, by: corrections.change_scheme(
            scheme=house.draft.scheme, corrections=[], by=by, why="更正", seen=house.draft.scheme.sha256
        )
    ),
    "scoring.corrections.confirm_findings": OFFICE(
        lambda house, by: corrections.confirm_findings(scheme=house.draft.scheme, ids=[], by=by)
    ),
    "scoring.cycles.set_plan": OFFICE(lambda house, by: cycles.set_plan(cycle=house.draft, plan={}, by=by)),
    "scoring.cycles.keep_defaults": OFFICE(lambda house, by: cycles.keep_defaults(cycle=house.draft, by=by)),
    "scoring.cycles.set_options": OFFICE(
        lambda house, by: cycles.set_options(cycle=house.draft, count_first_day=True, quotas={}, by=by)
    ),
    "scoring.cycles.set_responsibilities": OFFICE(
        lambda house, by: cycles.set_responsibilities(
            track=house.planned.track, desk=house.world.desks["society"], answers={}, by=by
        )
    ),
    "scoring.holidays.enter_holiday_order": OFFICE(
        lambda _house, by: holidays.enter_holiday_order(year=2028, order="测试令", off=[], work=[], by=by)
    ),
    "workflow.consolidation.incidents.note_incident": OFFICE(
        lambda house, by: incidents.note_incident(
            incident=Incident(document_name="decision.pdf"), sheet=house.reviewed, decision=a_decision(), by=by
        )
    ),
    "workflow.consolidation.incidents.take_back_incident": OFFICE(
        lambda _house, by: incidents.take_back_incident(incident=Incident.objects.get(), why="误", by=by)
    ),
    "workflow.review.records.log_record": RECORDS(
        lambda house, by: records.log_record(
            cycle=house.world.cycle,
            unit=house.reviewed.unit,
            department=house.world.desks["district"],
            kind=RecordKind.NOTE,
            text="一事",
            happened_on=clock.today(),
            by=by,
        )
    ),
    "workflow.review.records.withdraw_record": RECORDS(
        lambda _house, by: records.withdraw_record(record=Record.objects.get(), why="重复", by=by)
    ),
    "scoring.editing.edit_scheme": OFFICE(
        lambda house, by: editing.edit_scheme(
            scheme=house.draft.scheme,
            edit=Edit((), {"issuer": "科协"}),
            what="函",
            by=by,
            seen=house.draft.scheme.sha256,
        )
    ),
    "scoring.editing.give_reason": OFFICE(
        lambda house, by: editing.give_reason(scheme=house.draft.scheme, why="会议纪要", by=by)
    ),
    "scoring.editing.undo_step": OFFICE(
        lambda house, by: editing.undo_step(scheme=house.draft.scheme, by=by, seen=house.draft.scheme.sha256)
    ),
    "scoring.editing.redo_step": OFFICE(
        lambda house, by: editing.redo_step(scheme=house.draft.scheme, by=by, seen=house.draft.scheme.sha256)
    ),
    "scoring.library.put_in_library": OFFICE(
        lambda house, by: library.put_in_library(
            scheme=house.draft.scheme, places=[("tracks", 0, "indicators", 1)], by=by
        )
    ),
    "scoring.library.edit_item": OFFICE(
        lambda _house, by: library.edit_item(
            item=_item(),
            edit=Edit(("tracks", 0, "indicators", 0), {"text": "新"}),
            what="文",
            by=by,
            seen=_item().sha256,
        )
    ),
    "scoring.library.name_desk": OFFICE(lambda _house, by: library.name_desk(item=_item(), desk="普及部", by=by)),
    "scoring.library.retire_item": OFFICE(lambda _house, by: library.retire_item(item=_item(), by=by)),
    "scoring.library.bring_back": OFFICE(lambda _house, by: library.bring_back(item=_item(), by=by)),
    "scoring.library.take_from_library": OFFICE(
        lambda house, by: library.take_from_library(
            scheme=house.draft.scheme, items=[_item()], place=("tracks", 0), by=by, seen=house.draft.scheme.sha256
        )
    ),
    "scoring.starting.start_scheme": OFFICE(lambda _house, by: starting.start_scheme(year=2031, by=by)),
    "scoring.uploads.keep_upload": OFFICE(lambda _house, by: uploads.keep_upload([File("a.txt", b"a")], by=by)),
    "scoring.uploads.kept_upload": OFFICE(lambda _house, by: uploads.kept_upload("", by=by)),
    "scoring.uploads.forget_upload": OFFICE(lambda _house, by: uploads.forget_upload("", by=by)),
    "scoring.schemes.import_notice": OFFICE(
        lambda _house, by: schemes.import_notice(name="a.txt", content=NOTICE, by=by, replace=True)
    ),
    "scoring.schemes.load_scheme": OFFICE(
        lambda _house, by: schemes.load_scheme(a_body(year=2028), source_name="a.txt", source=b"a", by=by)
    ),
    "scoring.rolling.roll_over": OFFICE(
        lambda house, by: rolling.roll_over(cycle=house.draft, source=house.world.cycle, rows=[], by=by)
    ),
    "scoring.rolling.drop_draft": OFFICE(lambda house, by: rolling.drop_draft(cycle=house.draft, by=by, why="重来")),
    "scoring.units.add_units": OFFICE(lambda house, by: units.add_units(cycle=house.draft, entrants=[], by=by)),
    "scoring.units.change_unit": OFFICE(
        lambda house, by: units.change_unit(sheet=house.planned, name="新名", track=house.planned.track, by=by)
    ),
    "scoring.units.remove_units": OFFICE(
        lambda house, by: units.remove_units(cycle=house.draft, sheets=[house.planned], by=by)
    ),
    # workflow: the unit
    "workflow.filing.filing.save_self_evaluation": FILER(
        lambda house, by: filing.save_self_evaluation(
            task=house.task("self_evaluation"), claims=[], by=by, arrived_at=clock.now()
        )
    ),
    "workflow.filing.filing.add_material": FILER(
        lambda house, by: filing.add_material(
            task=house.task("self_evaluation"), kind=MaterialKind.SUMMARY, file=a_file(), by=by, arrived_at=clock.now()
        )
    ),
    "workflow.filing.filing.remove_material": FILER(
        lambda house, by: filing.remove_material(
            task=house.task("self_evaluation"), material=_material(house), by=by, arrived_at=clock.now()
        )
    ),
    "workflow.filing.filing.replace_roster": FILER(
        lambda house, by: filing.replace_roster(
            task=house.task("self_evaluation"), rows=[PERSON], by=by, arrived_at=clock.now()
        )
    ),
    "workflow.filing.filing.allow_smaller_roster": OFFICE(
        lambda house, by: filing.allow_smaller_roster(assessment=house.assessment(FILLING), by=by, reason="辖区小")
    ),
    "workflow.filing.self_evaluation.submit_assessment": FILER(
        lambda house, by: self_evaluation.submit_assessment(
            task=house.task("self_evaluation"), by=by, arrived_at=clock.now()
        )
    ),
    "workflow.circulation.confirm_receipt": FILER(
        lambda _house, by: circulation.confirm_receipt(receipt=NoticeReceipt.objects.get(), by=by)
    ),
    # workflow: departments
    "workflow.filing.acceptance.accept": DEPARTMENT(
        lambda house, by: acceptance.accept(task=house.task("acceptance"), by=by)
    ),
    "workflow.filing.acceptance.accept_many": DEPARTMENT(
        lambda house, by: acceptance.accept_many(tasks=[house.task("acceptance")], by=by)
    ),
    "workflow.filing.acceptance.return_for_supplement": DEPARTMENT(
        lambda house, by: acceptance.return_for_supplement(task=house.task("acceptance"), by=by, why="补", until=soon())
    ),
    "workflow.review.points.save_reviews": DEPARTMENT(
        lambda house, by: points.save_reviews(
            given={house.task("department_review"): {"1.1": points.Given(value=Decimal(9))}}, by=by
        )
    ),
    "workflow.review.review.approve_reviews": HEAD(
        lambda house, by: review.approve_reviews(tasks=[house.task("department_review")], by=by)
    ),
    "workflow.review.review.propose_review": DEPARTMENT(
        lambda house, by: review.propose_review(task=house.task("department_review"), by=by)
    ),
    "workflow.review.review.propose_reviews": DEPARTMENT(
        lambda house, by: review.propose_reviews(tasks=[house.task("department_review")], by=by)
    ),
    "workflow.review.review.approve_review": HEAD(
        lambda house, by: review.approve_review(task=house.task("department_review"), by=by)
    ),
    "workflow.review.review.hand_back_review": HEAD(
        lambda house, by: review.hand_back_review(task=house.task("department_review"), by=by, why="再看")
    ),
    "workflow.inbox.claim": DEPARTMENT(
        lambda house, by: assignments.claim(task=house.task("department_review"), by=by)
    ),
    "workflow.inbox.release": only()(lambda house, by: assignments.release(task=_held(house), by=by)),
    "workflow.inbox.delegate": DEPARTMENT(
        lambda house, by: assignments.delegate(
            task=house.task("department_review"), by=by, to=house.world.reviewers["district"]
        )
    ),
    # workflow: leaders and the leading group
    "workflow.rating.ratings.save_leader_ratings": only(Role.LEADER, Role.CHIEF)(
        lambda house, by: ratings.save_leader_ratings(
            by=by, values={house.reviewed.pk: Decimal(90)}, arrived_at=house.world.cycle.ratings_open_at
        )
    ),
    "workflow.rating.comments.screen_comments": OFFICE(
        lambda house, by: comments.screen_comments(
            decisions={Comment.objects.create(sheet=house.reviewed, text="好").pk: comments.Screening(True)}, by=by
        )
    ),
    "workflow.board.grading.set_grades": GROUP(
        lambda house, by: grading.set_grades(board=house.board, grades={_line(house): "一等"}, by=by)
    ),
    "workflow.board.signing.return_lines": GROUP(
        lambda house, by: signing.return_lines(board=house.board, line_ids=[_line(house)], why="再议", by=by)
    ),
    "workflow.board.signing.sign_board": CHIEF(lambda house, by: signing.sign_board(board=house.board, seen="", by=by)),
    # workflow: another version of the scheme
    "workflow.versions.proposing.propose_version": OFFICE(
        lambda house, by: proposing.propose_version(cycle=house.world.cycle, why="有误", by=by)
    ),
    "workflow.versions.proposing.submit_version": OFFICE(
        lambda house, by: proposing.submit_version(proposal=proposed(house.world, *worth("30")), why="有误", by=by)
    ),
    "workflow.versions.proposing.withdraw_version": OFFICE(
        lambda house, by: proposing.withdraw_version(proposal=proposed(house.world), by=by)
    ),
    "workflow.versions.signing.return_version": CHIEF(
        lambda house, by: versions.return_version(proposal=_submitted(house), why="再议", by=by)
    ),
    "workflow.versions.signing.sign_version": CHIEF(
        lambda house, by: versions.sign_version(proposal=_submitted(house), seen=_submitted(house).scheme.sha256, by=by)
    ),
    # workflow: the office, about one unit
    "workflow.office.extensions.extend_deadline": OFFICE(
        lambda house, by: extensions.extend_deadline(task=house.task("self_evaluation"), by=by, until=soon(), why="灾")
    ),
    "workflow.office.extensions.extend_many": OFFICE(
        lambda house, by: extensions.extend_many(tasks=[house.task("self_evaluation")], by=by, until=soon(), why="灾")
    ),
    "workflow.office.extensions.reinstate": OFFICE(
        lambda house, by: extensions.reinstate(task=house.task("self_evaluation"), by=by, until=soon(), why="灾")
    ),
    "workflow.rating.drawings.open_drawing": OFFICE(
        lambda house, by: drawings.open_drawing(
            cycle=house.world.cycle, issue="2026150", day=a_lottery_day(house.world), by=by
        )
    ),
    "workflow.rating.drawings.supersede_drawing": only(Role.OFFICE, Role.SUPERVISOR, Role.CHIEF)(
        lambda house, by: drawings.supersede_drawing(drawing=house.drawing, why="期号有误", by=by)
    ),
    "workflow.rating.draws.draw_recipients": OFFICE(
        lambda house, by: draws.draw_recipients(drawing=house.drawing, by=by)
    ),
    "workflow.rating.replacements.replace_recipient": OFFICE(
        lambda _house, by: replacements.replace_recipient(
            draw=Draw.objects.get(), out_id=Draw.objects.get().drawn[0], reason="停机", by=by
        )
    ),
    "workflow.rating.seeds.log_secret": WITNESS(
        lambda house, by: seeds.log_secret(drawing=house.drawing, sha256="0" * 64, by=by, arrived_at=clock.now())
    ),
    "workflow.rating.seeds.reveal_secret": WITNESS(
        lambda house, by: seeds.reveal_secret(drawing=house.drawing, secret=SECRETS[0], by=by, arrived_at=clock.now())
    ),
    "workflow.rating.seeds.enter_numbers": WITNESS(
        lambda house, by: seeds.enter_numbers(drawing=house.drawing, red=RED, blue=BLUE, by=by)
    ),
    "workflow.rating.seeds.confirm_numbers": WITNESS(
        lambda house, by: seeds.confirm_numbers(drawing=house.drawing, red=RED, blue=BLUE, by=by)
    ),
    "workflow.rating.slips.print_slips": OFFICE(
        lambda house, by: slips.print_slips(draw=_ballot(house).draw, ballots=[_ballot(house).pk], by=by)
    ),
    "workflow.rating.slips.reissue_ballot": OFFICE(
        lambda house, by: slips.reissue_ballot(ballot=_ballot(house), why="手机丢失", by=by)
    ),
    "workflow.consolidation.consolidation.consolidate": OFFICE(
        lambda house, by: consolidation.consolidate(task=house.task("consolidation"), by=by)
    ),
    "workflow.consolidation.consolidation.consolidate_many": OFFICE(
        lambda house, by: consolidation.consolidate_many(tasks=[house.task("consolidation")], by=by)
    ),
    "workflow.consolidation.consolidation.reopen_review": OFFICE(
        lambda house, by: consolidation.reopen_review(
            task=house.task("consolidation"),
            by=by,
            departments=[house.world.desks["society"].pk],
            parts=[],
            why="再评",
            until=soon(),
        )
    ),
    "workflow.consolidation.consolidation.decide_not_assessed": OFFICE(
        lambda house, by: consolidation.decide_not_assessed(task=house.task("consolidation"), by=by)
    ),
    "workflow.consolidation.consolidation.decide_incident": OFFICE(
        lambda house, by: consolidation.decide_incident(
            assessment=house.assessment(REVIEWED), decision=a_decision(), by=by
        )
    ),
    "workflow.consolidation.consolidation.withdraw_incident": OFFICE(
        lambda _house, by: consolidation.withdraw_incident(incident=Incident.objects.get(), why="误", by=by)
    ),
    "workflow.publicity.objections.decide_objection": OFFICE(
        lambda house, by: objections.decide_objection(
            objection=house.objection, decision=ObjectionDecision.DISMISSED, answer="不成立", by=by
        )
    ),
    # workflow: the office, about a track, a cycle, or everybody
    "workflow.board.submitting.submit_board": OFFICE(
        lambda house, by: submitting.submit_board(track=house.reviewed.track, by=by)
    ),
    "workflow.publicity.publicity.publish": OFFICE(
        lambda house, by: publicity.publish(board=house.board, count_first_day=False, by=by)
    ),
    "workflow.circulation.issue_notice": OFFICE(
        lambda house, by: circulation.issue_notice(
            cycle=house.world.cycle,
            number="测科协发〔2026〕9号",
            title="通报",
            addressees="各单位",
            paragraphs=[],
            issued_on=clock.today(),
            by=by,
        )
    ),
    "workflow.circulation.nudge_receipts": OFFICE(
        lambda house, by: circulation.nudge_receipts(notice=house.notice, by=by)
    ),
    "workflow.office.closing.close_cycle": OFFICE(
        lambda house, by: closing.close_cycle(cycle=house.world.cycle, by=by)
    ),
    "workflow.office.undelivered.send_again": OFFICE(lambda _house, by: undelivered.send_again(by=by)),
    "workflow.office.nudges.nudge_many": OFFICE(
        lambda house, by: nudges.nudge_many(
            cycle=house.world.cycle, assessments=[house.assessment(FILLING)], by=by, note=""
        )
    ),
    "workflow.office.opening.open_cycle": OFFICE(lambda house, by: opening.open_cycle(cycle=house.draft, by=by)),
    "workflow.office.opening.admit": OFFICE(lambda house, by: opening.admit([house.planned], by=by)),
    "demo.passing.let_time_pass": OFFICE(lambda _house, by: passing.let_time_pass(to=clock.now(), by=by)),
    "demo.passing.let_deadline_pass": OFFICE(lambda _house, by: passing.let_deadline_pass(by=by)),
    "workflow.office.plan.keep_settings": OFFICE(
        lambda house, by: plan.keep_settings(cycle=house.world.cycle, count_first_day=True, quotas={}, plan={}, by=by)
    ),
    "workflow.office.plan.move_plan": OFFICE(lambda house, by: plan.move_plan(cycle=house.world.cycle, plan={}, by=by)),
    "workflow.rating.keys.make_key": OFFICE(
        lambda house, by: keys.make_key(cycle=house.world.cycle, holding=KeyHolding.SHARES, by=by)
    ),
    "workflow.rating.keys.prove_shares": OFFICE(
        lambda house, by: keys.prove_shares(cycle=house.world.cycle, shares=["", "", ""], by=by)
    ),
    "workflow.rating.keys.give_up_key": OFFICE(
        lambda house, by: keys.give_up_key(cycle=house.world.cycle, why="遗失", by=by)
    ),
    "workflow.rating.opening.open_box": OFFICE(
        lambda house, by: boxes.open_box(cycle=house.world.cycle, shares=["", ""], by=by)
    ),
    "workflow.rating.too_few.give_more_time": OFFICE(
        lambda house, by: too_few.give_more_time(task=house.task("recipient_rating"), until=soon(), why="少", by=by)
    ),
    "workflow.rating.too_few.draw_more": OFFICE(
        lambda house, by: too_few.draw_more(task=house.task("recipient_rating"), count=1, until=soon(), why="少", by=by)
    ),
    "workflow.rating.too_few.take_what_is_there": OFFICE(
        lambda house, by: too_few.take_what_is_there(task=house.task("recipient_rating"), why="少", by=by)
    ),
    "workflow.rating.window.set_rating_window": OFFICE(
        lambda house, by: window.set_rating_window(
            cycle=house.world.cycle, opens_at=clock.now(), closes_at=soon(), by=by
        )
    ),
}

# What can't be done in this house, whoever may: the call asks who may and is refused for what it names.
NOT_YET = {
    "workflow.rating.drawings.open_drawing": "every roster is covered",
    "workflow.rating.seeds.log_secret": "a secret has been revealed",
    "workflow.rating.seeds.reveal_secret": "they have logged no hash",
    "workflow.rating.seeds.enter_numbers": "the lottery has not drawn",
    "workflow.rating.seeds.confirm_numbers": "the lottery has not drawn",
    "scoring.corrections.change_scheme": "it changes nothing",
    "scoring.editing.undo_step": "no step was taken",
    "scoring.editing.redo_step": "no step was taken back",
    "workflow.filing.self_evaluation.submit_assessment": "nothing is filled in",
    "workflow.review.review.propose_review": "nothing is scored",
    "workflow.review.review.propose_reviews": "nothing is scored",
    "workflow.review.review.approve_review": "nothing is handed over",
    "workflow.review.review.approve_reviews": "nothing is handed over",
    "workflow.review.review.hand_back_review": "nothing is handed over",
    "workflow.board.signing.return_lines": "the unit does not wait for approval",
    "workflow.board.signing.sign_board": "no list was seen",
    "workflow.board.submitting.submit_board": "no unit waits for approval",
    "workflow.office.extensions.reinstate": "the unit is not excluded",
    "workflow.consolidation.consolidation.decide_not_assessed": "there is no such decision",
    "workflow.publicity.publicity.publish": "the board is not signed",
    "workflow.circulation.issue_notice": "no result is public",
    "workflow.office.closing.close_cycle": "nothing has come to its end",
    "workflow.rating.keys.make_key": "the box has its key",
    "workflow.rating.keys.prove_shares": "no shares wait to be proved",
    "workflow.rating.keys.give_up_key": "the system holds the key",
    "workflow.rating.opening.open_box": "the system holds the key",
    "workflow.rating.too_few.give_more_time": "rating is not over",
    "workflow.rating.too_few.draw_more": "rating is not over",
    "workflow.rating.too_few.take_what_is_there": "rating is not over",
    "demo.passing.let_time_pass": "a clock does not go to where it stands",
}

# Nobody decides about their own unit (design 6.4). What is not here is about a track, a cycle or everybody, is the
# unit's own affair, or decides nothing: docs/architecture.md says which and why.
ABOUT_A_UNIT = (
    "documents.roster.waive_roster",
    "workflow.consolidation.incidents.note_incident",
    "workflow.consolidation.incidents.take_back_incident",
    "workflow.review.records.log_record",
    "workflow.review.records.withdraw_record",
    "workflow.review.points.save_reviews",
    "scoring.units.change_unit",
    "scoring.units.remove_units",
    "workflow.filing.acceptance.accept",
    "workflow.filing.acceptance.accept_many",
    "workflow.filing.acceptance.return_for_supplement",
    "workflow.inbox.claim",
    "workflow.inbox.delegate",
    "workflow.rating.too_few.give_more_time",
    "workflow.rating.too_few.draw_more",
    "workflow.rating.too_few.take_what_is_there",
    "workflow.board.signing.return_lines",
    "workflow.board.grading.set_grades",
    "workflow.consolidation.consolidation.consolidate",
    "workflow.consolidation.consolidation.consolidate_many",
    "workflow.consolidation.consolidation.decide_incident",
    "workflow.consolidation.consolidation.decide_not_assessed",
    "workflow.consolidation.consolidation.reopen_review",
    "workflow.consolidation.consolidation.withdraw_incident",
    "workflow.rating.draws.draw_recipients",
    "workflow.rating.replacements.replace_recipient",
    "workflow.rating.slips.print_slips",
    "workflow.rating.slips.reissue_ballot",
    "workflow.office.extensions.extend_deadline",
    "workflow.office.extensions.extend_many",
    "workflow.filing.filing.allow_smaller_roster",
    "workflow.publicity.objections.decide_objection",
    "workflow.rating.comments.screen_comments",
    "workflow.rating.ratings.save_leader_ratings",
    "workflow.review.review.approve_review",
    "workflow.review.review.approve_reviews",
    "workflow.review.review.hand_back_review",
    "workflow.review.review.propose_review",
    "workflow.office.extensions.reinstate",
)
