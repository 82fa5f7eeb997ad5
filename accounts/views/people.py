"""The office's pages of accounts: who there is, what each is, passwords."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import requester
from accounts.forms import MembershipForm, NewPersonForm, PersonForm
from accounts.models import Membership, Role, User
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from accounts.queries import people
from accounts.services import (
    Credentials,
    add_account,
    add_membership,
    change_account,
    end_membership,
    reset_password,
    set_active,
)
from accounts.views.tabs import tabs
from audit import clock
from audit.errors import DomainError

PER_PAGE = 50
SHOWN_ONCE = gettext_lazy(
    "A one-time password is shown once only. If it was not passed on, give the person a new one here."
)


@requires(Action.MANAGE_ACCOUNTS)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody with an account: search, filter by role."""
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    page = Paginator(people(words, role), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words, "role": role, "roles": Role.choices, "tabs": tabs("accounts")}
    return render(request, "accounts/accounts.html", context)


@requires(Action.MANAGE_ACCOUNTS)
@never_cache
@require_http_methods(["GET", "POST"])
def account_add(request: HttpRequest) -> HttpResponse:
    """Add a person with the first thing that they are; shows the one-time password once."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(form, requester(request).user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The account is added."))
            return _show_passwords(request, [made])
    return render(request, "accounts/account_add.html", {"form": form})


@transaction.atomic
def _add(form: NewPersonForm, by: User) -> Credentials:
    data = form.cleaned_data
    made = add_account(username=data["username"], name=data["name"], email=data["email"], by=by)
    add_membership(user=made.user, by=by, **form.membership())
    return made


def _show_passwords(request: HttpRequest, made: list[Credentials]) -> HttpResponse:
    return render(request, "accounts/passwords.html", {"made": made})


@requires(Action.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: name and mail, what they are and were, password, whether they may sign in."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, initial={"name": person.name, "email": person.email})
    if request.method == "POST" and form.is_valid():
        try:
            change_account(user=person, by=requester(request).user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("account", pk=pk)
    return _account_page(request, person, form, MembershipForm())


def _account_page(request: HttpRequest, person: User, form: PersonForm, joining: MembershipForm) -> HttpResponse:
    held = person.memberships.select_related("unit", "department").order_by("-since", "-pk")
    context = {"person": person, "form": form, "joining": joining, "memberships": held, "now": clock.now()}
    return render(request, "accounts/account.html", context)


@requires(Action.MANAGE_ACCOUNTS)
@posted_from("account", "pk")
def membership_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what a person is."""
    person = get_object_or_404(User, pk=pk)
    joining = MembershipForm(request.POST)
    if joining.is_valid():
        try:
            add_membership(user=person, by=requester(request).user, **joining.membership())
        except DomainError as error:
            joining.add_error(error.field if error.field in joining.fields else None, str(error.message))
        else:
            messages.success(request, _("Added."))
            return redirect("account", pk=pk)
    form = PersonForm(initial={"name": person.name, "email": person.email})
    return _account_page(request, person, form, joining)


def _page_of(pk: int) -> str:
    """The page of the person whose membership has this key."""
    return reverse("account", args=[get_object_or_404(Membership, pk=pk).user_id])


@requires(Action.MANAGE_ACCOUNTS)
@posted_from(_page_of)
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what a person is; it stays on record."""
    membership = get_object_or_404(Membership.objects.select_related("user", "unit", "department"), pk=pk)
    try:
        end_membership(membership=membership, by=requester(request).user)
        messages.success(request, _("Ended from now on."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("account", pk=membership.user_id)


@requires(Action.MANAGE_ACCOUNTS)
@never_cache
@posted_from("account", "pk", say=SHOWN_ONCE)
def account_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a new one-time password and show it once."""
    person = get_object_or_404(User, pk=pk)
    return _show_passwords(request, [reset_password(user=person, by=requester(request).user)])


@requires(Action.MANAGE_ACCOUNTS)
@posted_from("account", "pk")
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person sign in, or not any more."""
    person = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    try:
        set_active(user=person, active=active, by=requester(request).user)
        said = _("This person can sign in again.") if active else _("This person can't sign in any more.")
        messages.success(request, said)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("account", pk=pk)
