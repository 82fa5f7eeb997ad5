"""What nobody holds: tasks that nobody can act on, and roles that nobody has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import requester
from accounts.permissions import Action, may, reads
from workflow.flow.queries.holders import unheld_tasks, vacancies
from workflow.office.views.chosen import running_cycle


@reads(Action.READ_CYCLE)
def unheld(request: HttpRequest, year: int) -> HttpResponse:
    """The open tasks of a running cycle that wait for nobody, and the roles to be filled."""
    cycle = running_cycle(year)
    context = {
        "cycle": cycle,
        "tasks": unheld_tasks(cycle),
        "vacancies": vacancies(cycle),
        "may_appoint": may(requester(request), Action.MANAGE_ACCOUNTS),
    }
    return render(request, "workflow/office/unheld.html", context)
