"""Files of a self-evaluation and its roster: upload, download, removal."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import requester
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from common.arrival import arrival_of
from common.bodies import takes_files
from common.errors import DomainError
from common.tables.written import csv_lines
from common.ui.answers import put_on
from documents.models import Material, MaterialKind, UnsubmittedDraft
from documents.services.roster import RosterError, counts_by_category, masked, rows_with_marks
from documents.wording import ROSTER
from scoring.queries.sheets import rules_of
from workflow.filing.forms.self_evaluation import MaterialForm, RosterForm
from workflow.filing.queries.claims import covers
from workflow.filing.queries.own import why_closed
from workflow.filing.queries.sheet import SheetPage
from workflow.filing.services import filing
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.process import open_task
from workflow.flow.queries.steps import steps_of
from workflow.flow.queries.visibility import assessments_visible_to, own_assessments

PEOPLE_PER_PAGE = 100
ROWS_NAMED = 10
EXAMPLE = (("13900000000", "张三"), ("023-60000000", "李四"))


def _own(request: HttpRequest, pk: int) -> tuple[Assessment, Task | None]:
    found = get_object_or_404(own_assessments(requester(request)), pk=pk)
    return found, open_task(found, "self_evaluation")


def _require_open(found: Assessment, task: Task | None) -> Task:
    if task is None:
        raise DomainError(why_closed(found))
    return task


@requires(Action.FILL_SELF_EVALUATION)
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a self-evaluation, and a form to add one."""
    found, task = _own(request, pk)
    first = {"kind": request.GET.get("kind", MaterialKind.SUMMARY), "code": request.GET.get("code", "")}
    if first["code"]:
        first["kind"] = MaterialKind.EVIDENCE
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    scope = task.scope if task else ()
    form = MaterialForm(*posted, rules=rules_of(found.sheet), scope=scope, initial=first)
    if request.method == "POST" and form.is_valid() and _added(request, found, task, form):
        return redirect("materials", pk=pk)
    page = SheetPage(found.sheet, scope=scope)
    context = {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "form": form,
        "steps": steps_of(found),
        "open": task is not None,
        "closed": "" if task else why_closed(found),
        "exclusion": exclusions_of([found]).get(found.pk),
        "most": settings.MAX_UPLOAD_BYTES,
        "page": page,
        "removable": page.removable if task else set(),
    }
    return render(request, "workflow/filing/materials.html", context)


def _added(request: HttpRequest, found: Assessment, task: Task | None, form: MaterialForm) -> bool:
    data = form.cleaned_data
    try:
        filing.add_material(
            task=_require_open(found, task), kind=MaterialKind(data["kind"]), code=data["code"], file=data["file"],
            by=requester(request).user, arrived_at=arrival_of(request),
        )  # fmt: skip
    except DomainError as problem:
        put_on(form, problem)
        return False
    messages.success(request, _("“%(name)s” is kept.") % {"name": data["file"].name})
    return True


@requires(Action.FILL_SELF_EVALUATION)
@posted_from("materials", "pk")
def remove(request: HttpRequest, pk: int, material_pk: int) -> HttpResponse:
    """Take a file out of the self-evaluation."""
    found, task = _own(request, pk)
    material = get_object_or_404(Material, pk=material_pk, sheet=found.sheet)
    try:
        filing.remove_material(
            task=_require_open(found, task),
            material=material,
            by=requester(request).user,
            arrived_at=arrival_of(request),
        )
    except DomainError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": material.name})
    return redirect("materials", pk=pk)


@requires(Action.READ_ASSESSMENT)
@require_safe
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


@requires(Action.FILL_SELF_EVALUATION)
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of service recipients, masked; a file or pasted rows replace it, all rows or none (R7, R8, R17)."""
    found, task = _own(request, pk)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        problems = _replaced(request, found, task, form)
        if not form.errors:
            return redirect("roster", pk=pk)
    people = Paginator(found.sheet.roster.all(), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workflow/filing/roster.html", _roster_context(found, task, form) | {
        "people": people, "rows": masked(list(people.object_list)), "problems": problems,
    })  # fmt: skip


def _replaced(request: HttpRequest, found: Assessment, task: Task | None, form: RosterForm) -> list[str]:
    """Replace the roster; problems go onto the form, those of rows are returned."""
    try:
        rows = form.table()
        count = filing.replace_roster(
            task=_require_open(found, task),
            rows=rows,
            by=requester(request).user,
            arrived_at=arrival_of(request),
        )
    except RosterError as problem:
        put_on(form, problem)
        return problem.problems
    except DomainError as problem:
        put_on(form, problem)
        return []
    messages.success(request, _("The roster of %(count)d people is kept.") % {"count": count})
    if marked := rows_with_marks(rows):
        said = _("Marks that can't be seen, as programs put beside numbers and names, were left out in rows: %(rows)s.")
        messages.info(request, said % {"rows": "、".join(map(str, marked[:ROWS_NAMED]))})
    return []


def _roster_context(found: Assessment, task: Task | None, form: RosterForm) -> dict[str, Any]:
    recipients = rules_of(found.sheet).recipients
    return {
        "assessment": found,
        "sheet": found.sheet,
        "cycle": found.sheet.cycle,
        "form": form,
        "open": task is not None and covers(task.scope, ROSTER),
        "closed": "" if task else why_closed(found),
        "exclusion": exclusions_of([found]).get(found.pk),
        "steps": steps_of(found),
        "counts": counts_by_category(found.sheet),
        "sample": recipients.sample if recipients else 0,
        "wanted": recipients is not None,
    }


@requires(Action.FILL_SELF_EVALUATION)
@require_safe
def roster_template(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty roster to fill in, with the categories of the scheme; opens in any table program."""
    found, _task = _own(request, pk)
    recipients = rules_of(found.sheet).recipients
    rows = [["类别", "姓名", "电话"]]
    for number, category in enumerate(recipients.categories if recipients else ()):
        phone, name = EXAMPLE[number % len(EXAMPLE)]
        rows.append([category, name, phone])
    answer = HttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename=roster.csv"
    return answer
