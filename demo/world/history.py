"""The finished cycle of 2020: played from the notice to the closed cycle under a travelled clock."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db.models import F

from common import clock
from common.narrow import known
from demo.world import filing, reviewing
from demo.world.setting import at, spread
from demo.world.stage import Stage, mark_mail_sent
from documents.models import NoticeReceipt
from scoring.engine.seed import secret_sha256
from scoring.models import Ballot, Comment, IncidentKind, LineKind, RecordKind, SheetLine, Track
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.circulation.services import confirm_receipt, issue_notice
from workflow.consolidation.services.consolidation import decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.filing.services.acceptance import accept, return_for_supplement
from workflow.flow.models import Assessment, Node
from workflow.flow.queries.process import open_task, open_tasks
from workflow.office.services.closing import close_cycle
from workflow.office.services.extensions import extend_deadline, reinstate
from workflow.office.services.sweep import sweep
from workflow.publicity.models import ObjectionDecision, Publicity
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import publish
from workflow.rating.queries.leaders import ABSTAINED, Given
from workflow.rating.services.ballots import cast_ballot
from workflow.rating.services.comments import Screening, screen_comments
from workflow.rating.services.drawings import open_drawing
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.ratings import save_leader_ratings
from workflow.rating.services.seeds import confirm_numbers, enter_numbers, log_secret, reveal_secret
from workflow.review.services.records import log_record

Scene = Callable[[Stage], None]
OPENED = at(2020, 12, 1)
DEADLINE = at(2021, 1, 1, 0)
NOT_RATING, COMMENTING, CONFIRMING = 0.2, 0.15, 0.9
COMMENTS = ("示例：科普进社区活动办得好，希望多办。", "示例：服务热情，联系方便。", "示例：建议多组织青少年活动。")
ALWAYS_IN_TIME = 2
# A Sunday between acceptance and the window; no lottery ever had this issue.
LOTTERY, ISSUE, RED, BLUE = date(2021, 1, 10), "2021999", "01 02 03 04 05 06", "07"
RATINGS = (at(2021, 1, 11, 9), at(2021, 1, 21, 0))


def assessments(stage: Stage, track: str | None = None) -> list[Assessment]:
    """The assessments of the cycle or of a track, in the order of the units."""
    entered = Assessment.objects.filter(sheet__cycle=stage.cycle).select_related(
        "sheet__unit", "sheet__track__desk", "sheet__cycle__scheme"
    )
    return list(entered.filter(sheet__track__code=track) if track else entered)


def _silent(stage: Stage) -> dict[str, list[Assessment]]:
    """The units that miss the deadline: the last ones of each track, two always hand in; one district is reinstated."""
    missing = {"district": 3, "society": 2, "enterprise": 1, "university": 0}
    return {
        code: assessments(stage, code)[ALWAYS_IN_TIME:][-count:] if count else [] for code, count in missing.items()
    }


def in_play(stage: Stage, track: str) -> list[Assessment]:
    """The units of a track that go on to the end; the special cases are found by their place in it, if it is long."""
    silent = _silent(stage)[track]
    out = {assessment.pk for assessment in (silent[1:] if track == "district" else silent)}
    return [assessment for assessment in assessments(stage, track) if assessment.pk not in out]


def _extended(stage: Stage) -> Assessment:
    return assessments(stage, "district")[0]


def self_evaluation(stage: Stage) -> None:
    """Units submit through December, most of them late in the month; one gets an extension."""
    silent = {assessment.pk for group in _silent(stage).values() for assessment in group}
    extended = _extended(stage)
    with stage.moment(at(2020, 12, 28)):
        task = known(open_task(extended, Node.SELF_EVALUATION))
        extend_deadline(task=task, by=stage.cast.office, until=at(2021, 1, 6, 0), why="示例：单位搬迁，申请延期")
    for day in (at(2020, 12, 2, 9), at(2020, 12, 16, 9), at(2020, 12, 24, 9), at(2020, 12, 30, 9)):
        with stage.moment(day):
            sweep()
    with stage.moment(at(2020, 12, 31, 23, 59)):
        active = [assessment for assessment in assessments(stage) if assessment.pk not in silent | {extended.pk}]
        for number, assessment in enumerate(active, start=1):
            arrived = spread(OPENED + timedelta(days=3), DEADLINE - timedelta(seconds=1), (number / len(active)) ** 0.5)
            with clock.travel(arrived):
                filing.file(stage, assessment)


def deadline(stage: Stage) -> None:
    """The sweep excludes who has not submitted; one is reinstated; the extended unit submits."""
    with stage.moment(DEADLINE + timedelta(seconds=50)):
        sweep()
    back = _silent(stage)["district"][:1]
    with stage.moment(at(2021, 1, 4)):
        for assessment in back:
            task = known(open_task(assessment, Node.EXCLUDED))
            reinstate(task=task, by=stage.cast.office, until=at(2021, 1, 7, 0), why="示例：网络故障，经核实予以恢复")
    with stage.moment(at(2021, 1, 5, 16)):
        for assessment in (*back, _extended(stage)):
            filing.file(stage, assessment)


def supplement(stage: Stage) -> None:
    """A desk returns one unit's materials; they come back corrected."""
    assessment = assessments(stage, "district")[1]
    with stage.moment(at(2021, 1, 5, 10)):
        task = known(open_task(assessment, Node.ACCEPTANCE))
        desk = stage.cast.reviewers[known(assessment.sheet.track.desk).name]
        return_for_supplement(
            task=task, by=desk, why="示例：工作总结缺公章，请补正", until=at(2021, 1, 8, 0), parts=["1.1"]
        )
    with stage.moment(at(2021, 1, 6, 15)):
        filing.submit(assessment, stage.filers[assessment.sheet.unit_id])


def acceptance(stage: Stage) -> None:
    """The desks accept everything."""
    with stage.moment(at(2021, 1, 7)):
        for task in open_tasks(Node.ACCEPTANCE).filter(process__sheet__cycle=stage.cycle).select_related("department"):
            accept(task=task, by=stage.cast.reviewers[known(task.department).name])


def recipients_rating(stage: Stage) -> None:
    """Recipients are drawn and rate by their links, each ballot sealed; the box opens by itself at the close."""
    if _rated(stage, Node.RECIPIENT_RATING):
        _draw(stage)
    with stage.moment(at(2021, 1, 15)):
        for ballot in Ballot.objects.filter(draw__sheet__cycle=stage.cycle).select_related("draw__sheet__assessment"):
            if stage.random.random() >= NOT_RATING:
                comment = stage.random.choice(COMMENTS) if stage.random.random() < COMMENTING else ""
                cast_ballot(ballot=ballot, value=_mark(stage, 78, 100), comment=comment, arrived_at=clock.now())
        mark_mail_sent()


def _draw(stage: Stage) -> None:
    """The drawing of the year: opened and sealed before a lottery, its numbers last; all of it plainly made up."""
    cast = stage.cast
    secrets = {"示例密语：办公室的一句话，仅供演示": cast.office, "示例密语：监督的一句话，仅供演示": cast.supervisor}
    with stage.moment(at(2021, 1, 8)):
        drawing = open_drawing(cycle=stage.cycle, issue=ISSUE, day=LOTTERY, by=cast.office).drawing
    for revealing, day in ((False, 8), (True, 9)):
        with stage.moment(at(2021, 1, day, 15)):
            for secret, person in secrets.items():
                if revealing:
                    reveal_secret(drawing=drawing, secret=secret, by=person, arrived_at=clock.now())
                else:
                    log_secret(drawing=drawing, sha256=secret_sha256(secret), by=person, arrived_at=clock.now())
    with stage.moment(at(2021, 1, 10, 21, 40)):
        enter_numbers(drawing=drawing, red=RED, blue=BLUE, by=cast.office)
        confirm_numbers(drawing=drawing, red=RED, blue=BLUE, by=cast.supervisor)
        drawing.refresh_from_db()
        draw_recipients(drawing=drawing, by=cast.office)


def leaders_rating(stage: Stage) -> None:
    """Leaders rate every district; one of them abstains from one."""
    districts = _rated(stage, Node.LEADERSHIP_RATING)
    with stage.moment(at(2021, 1, 18)):
        for leader in (*stage.cast.leaders, stage.cast.chief):
            values: dict[int, Given] = {district.sheet_id: _mark(stage, 84, 98) for district in districts}
            if leader == stage.cast.leaders[0]:
                values |= {district.sheet_id: ABSTAINED for district in districts[:1]}
            save_leader_ratings(by=leader, values=values, arrived_at=clock.now())


def _rated(stage: Stage, node: Node) -> list[Assessment]:
    """The districts whose rating of this kind is under way."""
    return [district for district in assessments(stage, "district") if open_task(district, node)]


def _mark(stage: Stage, low: int, high: int) -> Decimal:
    return Decimal(stage.random.randrange(low * 2, high * 2 + 1)) / 2


def review(stage: Stage) -> None:
    """Departments score, with one deduction and one bonus on record; the rating window closes by the sweep."""
    deducted = in_play(stage, "district")[2:3]
    with stage.moment(at(2021, 1, 12)):
        for district in deducted:
            log_record(
                cycle=stage.cycle,
                unit=district.sheet.unit,
                department=district.sheet.track.desk,
                kind=RecordKind.DEDUCTION,
                code="D1.1",
                text="示例：一项交办工作未完成",
                happened_on=date(2020, 9, 1),
                by=stage.cast.reviewers["组织人事部"],
            )
        reviewing.review_all(stage, deducted={district.sheet_id for district in deducted})
    with stage.moment(RATINGS[1] + timedelta(seconds=50)):
        sweep()


def _screen(stage: Stage) -> None:
    """The office releases what recipients wrote."""
    with stage.moment(at(2021, 1, 21, 10)):
        comments = Comment.objects.filter(sheet__cycle=stage.cycle, is_visible=None)
        decisions = {key: Screening(is_visible=True) for key in comments.values_list("pk", flat=True)}
        screen_comments(decisions=decisions, by=stage.cast.office)


def consolidation(stage: Stage) -> None:
    """What recipients wrote is screened, two incidents are decided, one review is opened again, then every result is
    confirmed."""
    _screen(stage)
    districts = in_play(stage, "district")
    barred, excused, reopened = districts[3:4], districts[4:5], districts[5:6]
    with stage.moment(at(2021, 1, 21, 14)):
        for district in barred:
            decide_incident(assessment=district, decision=_accident(Consequence.FIRST_TWO), by=stage.cast.office)
        for district in excused:
            decide_incident(assessment=district, decision=_accident(Consequence.NOT_ASSESSED), by=stage.cast.office)
        for district in reopened:
            reviewing.reopen_and_review(stage, district)
        reviewing.consolidate_all(stage, not_assessed={district.sheet_id for district in excused})


def _accident(consequence: Consequence) -> Decision:
    document, reason = ContentFile(filing.SUMMARY, name="decision.pdf"), "示例：通报的安全责任事故"
    return Decision(kind=IncidentKind.SAFETY, consequence=consequence, reason=reason, document=document)


def approval(stage: Stage) -> None:
    """The leading group signs every track's board."""
    with stage.moment(at(2021, 1, 29)):
        for track in stage.cycle.tracks.all():
            _sign(stage, submit_board(track=track, by=stage.cast.office))


def _sign(stage: Stage, board: Board) -> None:
    lines = list(board.lines.select_related("sheet"))
    first, second, third = stage.cycle.scheme.rules.grades[:3]
    wanted = {}
    for number, line in enumerate(lines):
        order = [first, second, third] if number < len(lines) * 0.08 else [second, third]
        order = order if number < len(lines) * 0.3 else [third]
        if not line.grade:
            wanted[line.pk] = next(grade for grade in order if grade not in line.barred)
    set_grades(board=board, grades=wanted, by=stage.cast.chief)
    sign_board(board=board, seen=digest_of(board), by=stage.cast.chief)


def publicity(stage: Stage) -> None:
    """Every signed board is published over the Spring Festival of 2021."""
    with stage.moment(at(2021, 2, 5, 9)):
        for board in Board.objects.filter(track__cycle=stage.cycle, superseded_at=None):
            publish(board=board, count_first_day=False, by=stage.cast.office)


def objection(stage: Stage) -> None:
    """One objection is upheld: that unit is reviewed again, signed anew and publicised anew; the others are done."""
    upheld = _marked_down(stage, "society")[:1]
    for line in upheld:
        _object(stage, line)
    with stage.moment(at(2021, 2, 19, 0, 1)):
        sweep()
    for line in upheld:
        _publicise_again(stage, line.sheet.track)


def _marked_down(stage: Stage, track: str) -> list[SheetLine]:
    """The parts for which a department gave less than was claimed, the greatest difference first."""
    sheets = [assessment.sheet_id for assessment in in_play(stage, track)]
    lines = SheetLine.objects.filter(sheet__in=sheets, kind=LineKind.PART, reviewed__lt=F("claimed"))
    lines = lines.select_related("sheet__track", "sheet__assessment")
    return list(lines.order_by(F("reviewed") - F("claimed"), "sheet__unit__code", "position"))


def _object(stage: Stage, line: SheetLine) -> None:
    sheet = line.sheet
    public = Publicity.objects.get(board__track=sheet.track)
    with stage.moment(at(2021, 2, 8, 11)):
        filed = file_objection(
            publicity=public,
            sheet=sheet,
            text=f"示例：第 {line.code} 项少计一次活动。",
            signed=Signed(kind="unit", name="示例负责人", contact="19900000000", workplace=sheet.unit_name),
            arrived_at=clock.now(),
        )
    with stage.moment(at(2021, 2, 9, 16)):
        decide_objection(
            objection=filed,
            decision=ObjectionDecision.UPHELD,
            answer="示例：经核查属实，重新评议。",
            by=stage.cast.office,
        )
        reviewing.reopen_and_review(stage, sheet.assessment, part=line.code, generous=True)
        reviewing.consolidate_all(stage, not_assessed=set())


def _publicise_again(stage: Stage, track: Track) -> None:
    with stage.moment(at(2021, 2, 19, 10)):
        _sign(stage, submit_board(track=track, by=stage.cast.office))
    with stage.moment(at(2021, 2, 19, 15)):
        board = Board.objects.get(track=track, superseded_at=None)
        ends = publish(board=board, count_first_day=False, by=stage.cast.office).ends_at
    with stage.moment(ends + timedelta(seconds=50)):
        sweep()


def circulation(stage: Stage) -> None:
    """The notice goes out; most units confirm; the cycle is closed."""
    with stage.moment(at(2021, 3, 2, 10)):
        notice = issue_notice(
            cycle=stage.cycle,
            number="渝科协发〔2021〕8号",
            title="关于2020年度科协工作考核结果的通报",
            addressees="各区县（自治县）科协、万盛经开区科协，市级学会（协会、研究会），企事业科协",
            paragraphs=LETTER,
            issued_on=clock.today(),
            by=stage.cast.office,
        )
    with stage.moment(at(2021, 3, 3, 10)):
        for receipt in NoticeReceipt.objects.filter(notice=notice).select_related("sheet"):
            if stage.random.random() < CONFIRMING:
                confirm_receipt(receipt=receipt, by=stage.filers[receipt.sheet.unit_id])
    with stage.moment(at(2021, 3, 31, 10)):
        close_cycle(cycle=stage.cycle, by=stage.cast.office)
        mark_mail_sent()


LETTER = (
    "根据《关于开展2020年度科协工作考核的通知》要求，市科协组织开展了2020年度科协工作考核。",
    "经单位自评、工作考核、服务对象评价、市科协评价、领导小组审定并公示，现将考核结果予以通报（演示数据，与任何单位的实际工作无关）。",
    "希望各单位总结经验，再接再厉，推动科协工作高质量发展。",
)


# The steps of the year, in the words of the flow, each with what happens in it; the special cases are the first and
# last units of each track.
STEPS: tuple[tuple[Node, tuple[Scene, ...]], ...] = (
    (Node.SELF_EVALUATION, (self_evaluation, deadline)),
    (Node.ACCEPTANCE, (supplement, acceptance)),
    (Node.RECIPIENT_RATING, (recipients_rating,)),
    (Node.LEADERSHIP_RATING, (leaders_rating,)),
    (Node.DEPARTMENT_REVIEW, (review,)),
    (Node.CONSOLIDATION, (consolidation,)),
    (Node.APPROVAL, (approval,)),
    (Node.PUBLICITY, (publicity, objection)),
    (Node.CIRCULATION, (circulation,)),
)


def play(stage: Stage) -> None:
    """Play the whole cycle, step by step."""
    for node, scenes in STEPS:
        with stage.step(node):
            for scene in scenes:
                scene(stage)
