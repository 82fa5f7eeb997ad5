"""Files of a self-evaluation and its roster: upload, download, removal."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from common.arrival import arrival_of
from common.bodies import takes_files
from common.tables.written import csv_lines
from common.ui.answers import refusals_on, refusals_told
from common.ui.asked import page_of
from documents.models import Material, MaterialKind, UnsubmittedDraft
from documents.services.roster import RosterError, counts_by_category, masked, rows_with_marks
from documents.wording import ROSTER
from workflow.filing.forms import MaterialForm, RosterForm
from workflow.filing.queries.claims import covers
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services import filing
from workflow.filing.views.own import own_assessment, require_task, shown_of
from workflow.flow.models import Task
from workflow.flow.queries.visibility import assessments_visible_to

PEOPLE_PER_PAGE = 100
ROWS_NAMED = 10
EXAMPLE = (("13900000000", "张三"), ("023-60000000", "李四"))


@asks(Action.FILL_SELF_EVALUATION)
@takes_files
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a self-evaluation, and a form to add one."""
    assessment, task = own_assessment(request, pk)
    first = {"kind": request.GET.get("kind", MaterialKind.SUMMARY), "code": request.GET.get("code", "")}
    if first["code"]:
        first["kind"] = MaterialKind.EVIDENCE
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    scope = task.scope if task else ()
    form = MaterialForm(*posted, rules=assessment.sheet.rules, scope=scope, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            kept = filing.add_material(
                task=require_task(assessment, task),
                by=requester(request).user,
                arrived_at=arrival_of(request),
                **form.cleaned_data,
            )
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
            return redirect("materials", pk=pk)
    page = SheetPage(assessment.sheet, scope=scope)
    context = shown_of(assessment, task) | {
        "form": form,
        "most": settings.MAX_UPLOAD_BYTES,
        "page": page,
        "removable": page.removable if task else set(),
    }
    return render(request, "workflow/filing/materials.html", context)


@posts(Action.FILL_SELF_EVALUATION, "materials", "pk")
def remove(request: HttpRequest, pk: int, material_pk: int) -> HttpResponse:
    """Take a file out of the self-evaluation."""
    assessment, task = own_assessment(request, pk)
    material = get_object_or_404(Material, pk=material_pk, sheet=assessment.sheet)
    with refusals_told(request):
        filing.remove_material(
            task=require_task(assessment, task),
            material=material,
            by=requester(request).user,
            arrived_at=arrival_of(request),
        )
        messages.success(request, _("“%(name)s” is removed.") % {"name": material.name})
    return redirect("materials", pk=pk)


@reads(Action.READ_ASSESSMENT)
def download(request: HttpRequest, pk: int) -> FileResponse:
    """A file, for those who may read its assessment; always as a download, never shown by the browser.

    Whoever oversees the cycle also reads what was removed later, since a sealed submission may name it; so does the
    unit whose draft of a supplement was not handed in and may hold it.
    """
    actor = requester(request)
    drafts = UnsubmittedDraft.objects.filter(sheet__unit_id__in=actor.unit_ids)
    kept = Material.objects.filter(Q(removed_at=None) | Q(sheet__in=drafts.values("sheet")))
    if may(actor, Action.READ_CYCLE):
        kept = Material.objects.all()
    material = get_object_or_404(kept, pk=pk, sheet__assessment__in=assessments_visible_to(actor).values("pk"))
    answer = FileResponse(
        material.file.open("rb"), as_attachment=True, filename=material.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@asks(Action.FILL_SELF_EVALUATION)
@takes_files
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of service recipients, masked; a file or pasted rows replace it, all rows or none (R7, R8, R17)."""
    assessment, task = own_assessment(request, pk)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                _replace(request, require_task(assessment, task), form)
            except RosterError as error:
                problems = error.problems
                raise
            return redirect("roster", pk=pk)
    people = page_of(request, assessment.sheet.roster.all(), size=PEOPLE_PER_PAGE)
    recipients = assessment.sheet.rules.recipients
    context = shown_of(assessment, task) | {
        "form": form,
        "open": task is not None and covers(task.scope, ROSTER),
        "counts": counts_by_category(assessment.sheet),
        "sample": recipients.sample if recipients else 0,
        "wanted": recipients is not None,
        "people": people,
        "rows": masked(list(people.object_list)),
        "problems": problems,
        "kept_days": settings.PERSONAL_DATA_DAYS,
    }
    return render(request, "workflow/filing/roster.html", context)


def _replace(request: HttpRequest, task: Task, form: RosterForm) -> None:
    """Put in the new roster, and say how many people it has and which rows held marks that can't be seen."""
    rows = form.table()
    by, arrived_at = requester(request).user, arrival_of(request)
    count = filing.replace_roster(task=task, rows=rows, by=by, arrived_at=arrived_at)
    messages.success(request, _("The roster of %(count)d people is kept.") % {"count": count})
    if marked := rows_with_marks(rows):
        text = _("Marks that can't be seen, as programs put beside numbers and names, were left out in rows: %(rows)s.")
        messages.info(request, text % {"rows": "、".join(map(str, marked[:ROWS_NAMED]))})


@reads(Action.FILL_SELF_EVALUATION)
def roster_template(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty roster to fill in, with the categories of the scheme; opens in any table program."""
    assessment, _task = own_assessment(request, pk)
    recipients = assessment.sheet.rules.recipients
    rows = [["类别", "姓名", "电话", "邮箱"]]
    for number, category in enumerate(recipients.categories if recipients else ()):
        phone, name = EXAMPLE[number % len(EXAMPLE)]
        rows.append([category, name, phone, ""])
    answer = HttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename=roster.csv"
    return answer
