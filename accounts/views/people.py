"""The pages of accounts: who there is, what each is, passwords; the office's, and the supervisor's to read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import requester
from accounts.forms import GuardedRoleForm, MembershipForm, NewPersonForm, PersonForm
from accounts.guarded import ListedChange, is_guarded, say_change, waiting
from accounts.models import GuardedChange, Membership, Role, User
from accounts.passwords import Credentials
from accounts.permissions import Action, asks, may, reads
from accounts.posted import posts
from accounts.queries import people
from accounts.services import add_membership, add_person, change_account, end_membership, reset_password, set_active
from accounts.views.tabs import tabs
from common import clock
from common.ui.answers import refusals_on, refusals_told
from common.ui.asked import page_of, words_in

SHOWN_ONCE = gettext_lazy(
    "A one-time password is shown once only. If it was not passed on, give the person a new one here."
)


@reads(Action.READ_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody with an account: search, filter by role."""
    words, role = words_in(request), request.GET.get("role", "")
    page = page_of(request, people(words, role))
    context = {
        "page": page,
        "q": words,
        "role": role,
        "roles": Role.choices,
        "tabs": tabs("accounts"),
        "may_manage": may(requester(request), Action.MANAGE_ACCOUNTS),
    }
    return render(request, "accounts/accounts.html", context)


@asks(Action.MANAGE_ACCOUNTS)
def account_add(request: HttpRequest) -> HttpResponse:
    """Add a person with the first thing that they are; shows the one-time password once."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = add_person(person=form.person(), by=requester(request).user)
            messages.success(request, _("The account is added."))
            return _answer(request, made, made.user)
    return render(request, "accounts/account_add.html", {"form": form})


def _answer(request: HttpRequest, made: Credentials | GuardedChange, person: User) -> HttpResponse:
    """The one-time password, once; or, where a second person decides first, the person's page that says so."""
    if isinstance(made, Credentials):
        return render(request, "accounts/passwords.html", {"made": [made]})
    _say(request, made)
    return redirect("account", pk=person.pk)


def _say(request: HttpRequest, result: GuardedChange | Membership | None, done: str = "") -> None:
    """Say what is done; or, where a second person decides first, what waits for them."""
    if isinstance(result, GuardedChange):
        messages.info(request, _("Asked for: %(what)s. It waits to be confirmed.") % {"what": say_change(result)})
    else:
        messages.success(request, done)


@asks(Action.READ_ACCOUNTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: name and mail, what they are and were, password, whether they may sign in."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, initial={"name": person.name, "email": person.email})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            waits = change_account(user=person, by=requester(request).user, **form.cleaned_data)
            _say(request, waits, _("Saved."))
            return redirect("account", pk=pk)
    return _account_page(request, person, form, _joining(request))


def _joining(request: HttpRequest, data: Any = None) -> MembershipForm:
    manages = may(requester(request), Action.MANAGE_ACCOUNTS)
    return MembershipForm(data) if manages else GuardedRoleForm(data)


def _account_page(request: HttpRequest, person: User, form: PersonForm, joining: MembershipForm) -> HttpResponse:
    held = person.memberships.select_related("unit", "department").order_by("-since", "-pk")
    context = {
        "person": person,
        "form": form,
        "joining": joining,
        "memberships": held,
        "now": clock.now(),
        "guarded": is_guarded(person),
        "waiting": [ListedChange(change) for change in waiting().filter(user=person)],
        "may_manage": may(requester(request), Action.MANAGE_ACCOUNTS),
    }
    return render(request, "accounts/account.html", context)


@posts(Action.GUARD_ACCOUNTS, "account", "pk")
def membership_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what a person is."""
    person = get_object_or_404(User, pk=pk)
    joining = _joining(request, request.POST)
    if joining.is_valid():
        with refusals_on(joining):
            given = add_membership(user=person, grant=joining.grant(), by=requester(request).user)
            _say(request, given, _("Added."))
            return redirect("account", pk=pk)
    form = PersonForm(initial={"name": person.name, "email": person.email})
    return _account_page(request, person, form, joining)


def _page_of(pk: int) -> str:
    """The page of the person whose membership has this key."""
    return reverse("account", args=[get_object_or_404(Membership, pk=pk).user_id])


@posts(Action.MANAGE_ACCOUNTS, _page_of)
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what a person is; it stays on record."""
    membership = get_object_or_404(Membership.objects.select_related("user", "unit", "department"), pk=pk)
    with refusals_told(request):
        end_membership(membership=membership, by=requester(request).user)
        messages.success(request, _("Ended from now on."))
    return redirect("account", pk=membership.user_id)


@posts(Action.GUARD_ACCOUNTS, "account", "pk", say=SHOWN_ONCE)
def account_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a new one-time password and show it once, or ask for a new one."""
    person = get_object_or_404(User, pk=pk)
    with refusals_told(request):
        return _answer(request, reset_password(user=person, by=requester(request).user), person)
    return redirect("account", pk=pk)


@posts(Action.GUARD_ACCOUNTS, "account", "pk")
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person sign in, or not any more."""
    person = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    with refusals_told(request):
        waits = set_active(user=person, active=active, by=requester(request).user)
        done = _("This person can sign in again.") if active else _("This person can't sign in any more.")
        _say(request, waits, done)
    return redirect("account", pk=pk)
