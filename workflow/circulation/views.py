"""Notices of results: drafted and issued by the office, read by everyone, confirmed by the units."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import Role
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from common import clock
from common.ui.answers import refusals_on, refusals_told
from documents.models import NoticeReceipt, ResultNotice
from documents.official.notice import attachment_title, chinese_date
from documents.official.results import TrackResults
from scoring.models import Cycle
from workflow.bulk.queries import being_worked_off
from workflow.circulation import queries
from workflow.circulation.forms import ResultNoticeForm
from workflow.circulation.services import SENDING, confirm_receipt, digest_of_results, issue_notice, nudge_receipts
from workflow.flow.cycles import at_cycle, counted_by_cycle, cycle_shown
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks


@reads(Action.READ_BOARD)
def notices(request: HttpRequest) -> HttpResponse:
    """The notices of results of a cycle, and how many units wait for one."""
    work = counted_by_cycle(open_tasks(Node.CIRCULATION))
    shown = cycle_shown(request, work=work, all_years=True)
    context = shown.context | {
        "notices": queries.notices_with_counts(shown.cycle),
        "waiting": work.get(shown.cycle.pk, 0) if shown.cycle else 0,
        "may_issue": may(requester(request), Action.RUN_CYCLE),
    }
    return render(request, "workflow/circulation/notices.html", context)


def _prefilled(cycle: Cycle, tracks: list[TrackResults]) -> dict[str, str | date]:
    """The letter as it usually reads: basis, what was done, results, what is hoped for."""
    notice = cycle.scheme.rules.number or cycle.title
    what = cycle.title if cycle.word else f"{cycle.year}年度工作考核"
    number = sum(len(grade["units"]) for track in tracks for grade in track["grades"])
    lines = [
        f"根据《{cycle.title}》（{notice}）要求，我会组织开展了{what}。",
        f"经单位自评、工作考核、评价汇总、领导小组审定和公示，共有{number}个单位确定了考核等次，现将结果予以通报。",
        "希望受到通报的单位总结经验，再接再厉，不断提高服务水平，为科协事业高质量发展作出新的贡献。",
    ]
    return {
        "title": f"{cycle.issuer}关于{what}结果的通报",
        "issued_on": clock.today(),
        "addressees": "、".join(track["name"] for track in tracks),
        "text": "\n".join(lines),
    }


@asks(Action.RUN_CYCLE)
def draft(request: HttpRequest) -> HttpResponse:
    """Write the letter, look at it, issue it."""
    cycle = cycle_shown(request, work=counted_by_cycle(open_tasks(Node.CIRCULATION))).cycle
    tracks = queries.results_to_issue(cycle) if cycle else []
    if cycle is None or not tracks:
        messages.error(request, _("No unit waits for circulation."))
        return redirect(at_cycle("notices", cycle))
    action = request.POST.get("action")
    form = ResultNoticeForm(request.POST or None, initial=_prefilled(cycle, tracks))
    if action == "issue" and form.is_valid():
        with refusals_on(form):
            issued = _issue(request, cycle, form)
            messages.success(request, _("The notice is issued."))
            run = being_worked_off(cycle, *SENDING)
            return redirect("bulk-run", run.pk) if run else redirect("notice", issued.pk)
    if action == "preview" and form.is_valid():
        return _preview(request, cycle, tracks, form)
    context = {"form": form, "cycle": cycle, "tracks": tracks}
    return render(request, "workflow/circulation/notice_draft.html", context, status=422 if form.errors else 200)


def _issue(request: HttpRequest, cycle: Cycle, form: ResultNoticeForm) -> ResultNotice:
    return issue_notice(
        cycle=cycle,
        issued_on=form.cleaned_data["issued_on"],
        by=requester(request).user,
        seen=request.POST.get("seen"),
        **form.letter,
    )


def _preview(request: HttpRequest, cycle: Cycle, tracks: list[TrackResults], form: ResultNoticeForm) -> HttpResponse:
    content = form.letter | {"issuer": cycle.issuer, "tracks": tracks}
    context = _paper(content, chinese_date(form.cleaned_data["issued_on"])) | {
        "form": form,
        "cycle": cycle,
        "seen": digest_of_results(tracks),
        "units": queries.waiting_for_circulation(cycle).count(),
        "everyone": cycle.sheets.count(),
    }
    return render(request, "workflow/circulation/notice_preview.html", context)


def _paper(content: dict[str, Any], day: str) -> dict[str, Any]:
    """What the page shows as the document: `content` is what a notice seals."""
    attachments = [(attachment_title(track), track["grades"]) for track in content["tracks"]]
    return {"content": content, "day": day, "attachments": attachments}


@reads(Action.SIGNED_IN)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """An issued notice, for everyone who is signed in."""
    notice = get_object_or_404(ResultNotice.objects.select_related("cycle"), pk=pk)
    actor = requester(request)
    visible = notice.receipts.select_related("sheet", "confirmed_by")
    if not may(actor, Action.READ_BOARD):
        visible = visible.filter(sheet__unit_id__in=actor.unit_ids)
    receipts, files = list(visible), Role.FILER in actor.roles
    context = _paper(notice.body, chinese_date(notice.issued_on)) | {
        "notice": notice,
        "cycle": notice.cycle,
        "receipts": receipts,
        "missing": [receipt for receipt in receipts if receipt.confirmed_at is None],
        "may_nudge": may(actor, Action.RUN_CYCLE),
        "reads_all": may(actor, Action.READ_BOARD),
        "own": [receipt for receipt in receipts if files and receipt.sheet.unit_id in actor.unit_ids],
    }
    return render(request, "workflow/circulation/notice.html", context)


@reads(Action.SIGNED_IN)
def notice_file(_request: HttpRequest, pk: int) -> FileResponse:
    """The `.docx` in the official layout."""
    notice = get_object_or_404(ResultNotice, pk=pk)
    return FileResponse(
        notice.file.open("rb"),
        as_attachment=True,
        filename=f"{notice.number}.docx",
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )


@asks(Action.RUN_CYCLE)
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which units have not confirmed, then remind them."""
    notice = get_object_or_404(ResultNotice.objects.select_related("cycle"), pk=pk)
    if request.method == "POST":
        count = nudge_receipts(notice=notice, by=requester(request).user)
        text = ngettext("%(count)d unit was reminded.", "%(count)d units were reminded.", count)
        messages.success(request, text % {"count": count})
        return redirect("notice", pk)
    names = notice.receipts.filter(confirmed_at=None).values_list("sheet__unit_name", flat=True)
    context = {"notice": notice, "cycle": notice.cycle, "items": list(names)}
    return render(request, "workflow/circulation/notice_nudge.html", context)


@reads(Action.CONFIRM_RECEIPT)
def results(request: HttpRequest) -> HttpResponse:
    """The notices that a filer's units have got, and their results."""
    actor = requester(request)
    receipts = list(queries.receipts_of(actor))
    context = {
        "receipts": receipts,
        "lines": list(queries.results_of(actor)),
        "unconfirmed": [receipt for receipt in receipts if receipt.confirmed_at is None],
    }
    return render(request, "workflow/circulation/notice_results.html", context)


@posts(Action.CONFIRM_RECEIPT, "results")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A filer confirms that the unit has received the notice."""
    actor = requester(request)
    receipt = get_object_or_404(NoticeReceipt, pk=pk, sheet__unit_id__in=actor.unit_ids)
    with refusals_told(request):
        confirm_receipt(receipt=receipt, by=actor.user)
        messages.success(request, _("The receipt is confirmed."))
    return redirect("results")
