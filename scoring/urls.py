"""Addresses of the scoring room."""

from django.urls import URLPattern, path

from scoring.views import schemes, settings, units

urlpatterns: list[URLPattern] = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/<int:year>/", schemes.scheme_page, name="scheme"),
    path("schemes/<int:year>/confirm/", schemes.confirm, name="scheme-confirm"),
    path("schemes/<int:year>/correct/", schemes.correct, name="scheme-correct"),
    path("schemes/<int:year>/correct/<str:track>/", schemes.correct, name="scheme-correct-track"),
    path("schemes/<int:year>/correct/<str:track>/<str:code>/", schemes.correct, name="scheme-correct-item"),
    path("holidays/", settings.holidays, name="holidays"),
    path("cycles/<int:year>/settings/<str:track>/", settings.responsibilities, name="responsibilities"),
    path("cycles/<int:year>/units/", units.units, name="units"),
    path("cycles/<int:year>/units/add/", units.unit_add, name="unit-add"),
    path("cycles/<int:year>/units/import/", units.units_import, name="units-import"),
    path("cycles/<int:year>/units/copy/", units.units_copy, name="units-copy"),
    path("cycles/<int:year>/units/remove/", units.units_remove, name="units-remove"),
    path("cycles/<int:year>/units/<int:pk>/", units.unit_change, name="unit-change"),
]
