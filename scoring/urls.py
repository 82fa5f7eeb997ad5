"""Addresses of the scoring room."""

from django.urls import URLPattern, path

from scoring.views import compare, editor, reading, schemes, settings, units

urlpatterns: list[URLPattern] = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/start/", editor.scheme_start, name="scheme-start"),
    path("schemes/<year:year>/", schemes.scheme_page, name="scheme"),
    path("schemes/<year:year>/compare/", compare.compare_page, name="scheme-compare"),
    path("schemes/<year:year>/reading/", reading.reading_page, name="scheme-reading"),
    path("schemes/<year:year>/settle/", reading.settle, name="scheme-settle"),
    path("schemes/<year:year>/edit/", editor.editor, name="scheme-edit"),
    path("schemes/<year:year>/edit/undo/", editor.editor_undo, name="scheme-edit-undo"),
    path("schemes/<year:year>/edit/redo/", editor.editor_redo, name="scheme-edit-redo"),
    path("schemes/<year:year>/edit/at/<path:place>/", editor.editor, name="scheme-edit-place"),
    path("schemes/<year:year>/confirm/", schemes.confirm, name="scheme-confirm"),
    path("schemes/<year:year>/correct/", schemes.correct, name="scheme-correct"),
    path("schemes/<year:year>/correct/<str:track>/", schemes.correct, name="scheme-correct-track"),
    path("schemes/<year:year>/correct/<str:track>/<str:code>/", schemes.correct, name="scheme-correct-item"),
    path("holidays/", settings.holidays, name="holidays"),
    path("cycles/<year:year>/settings/<str:track>/", settings.responsibilities, name="responsibilities"),
    path("cycles/<year:year>/units/", units.units, name="units"),
    path("cycles/<year:year>/units/add/", units.unit_add, name="unit-add"),
    path("cycles/<year:year>/units/import/", units.units_import, name="units-import"),
    path("cycles/<year:year>/units/copy/", units.units_copy, name="units-copy"),
    path("cycles/<year:year>/units/remove/", units.units_remove, name="units-remove"),
    path("cycles/<year:year>/units/<key:pk>/", units.unit_change, name="unit-change"),
]
