"""Addresses of the accounts room."""

from django.conf import settings
from django.urls import path
from django.utils.module_loading import import_string

from accounts.views import guarded, imports, people, places, session

urlpatterns = [
    path("sign-in/", import_string(settings.SIGN_IN_VIEW), name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("language/", session.set_language, name="set_language"),
    path("password/", session.own_password, name="own-password"),
    path("password/new/<uidb64>/<token>/", session.password_new, name="password-new"),
    path("accounts/", people.accounts, name="accounts"),
    path("accounts/changes/", guarded.guarded_changes, name="guarded-changes"),
    path("accounts/changes/<key:pk>/", guarded.guarded_change, name="guarded-change"),
    path("accounts/changes/<key:pk>/decide/", guarded.guarded_change_decide, name="guarded-change-decide"),
    path("accounts/add/", people.account_add, name="account-add"),
    path("accounts/import/", imports.accounts_import, name="accounts-import"),
    path("accounts/<key:pk>/", people.account, name="account"),
    path("accounts/<key:pk>/memberships/", people.membership_add, name="membership-add"),
    path("accounts/<key:pk>/password/", people.account_password, name="account-password"),
    path("accounts/<key:pk>/active/", people.account_active, name="account-active"),
    path("accounts/memberships/<key:pk>/end/", people.membership_end, name="membership-end"),
    path("accounts/units/", places.units, name="unit-list"),
    path("accounts/units/add/", places.unit_edit, name="unit-new"),
    path("accounts/units/<key:pk>/", places.unit_edit, name="unit-edit"),
    path("accounts/departments/", places.departments, name="department-list"),
    path("accounts/departments/add/", places.department_edit, name="department-new"),
    path("accounts/departments/<key:pk>/", places.department_edit, name="department-edit"),
]
