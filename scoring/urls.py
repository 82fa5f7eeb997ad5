"""Addresses of the scoring room."""

from django.urls import URLPattern, path

from scoring.views import compare, editor, following, library, reading, schemes, settings, units

urlpatterns: list[URLPattern] = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/start/", editor.scheme_start, name="scheme-start"),
    path("schemes/<cycle:slug>/", schemes.scheme_page, name="scheme"),
    path("schemes/<cycle:slug>/compare/", compare.compare_page, name="scheme-compare"),
    path("schemes/<cycle:slug>/reading/", reading.reading_page, name="scheme-reading"),
    path("schemes/<cycle:slug>/settle/", reading.settle, name="scheme-settle"),
    path("schemes/<cycle:slug>/edit/", editor.editor, name="scheme-edit"),
    path("schemes/<cycle:slug>/edit/undo/", editor.editor_undo, name="scheme-edit-undo"),
    path("schemes/<cycle:slug>/edit/redo/", editor.editor_redo, name="scheme-edit-redo"),
    path("schemes/<cycle:slug>/edit/at/<path:place>/", editor.editor, name="scheme-edit-place"),
    path("schemes/<cycle:slug>/edit/take/<path:place>/", library.scheme_take, name="scheme-take"),
    path("schemes/<cycle:slug>/library/", library.scheme_to_library, name="scheme-to-library"),
    path("library/", library.library, name="library"),
    path("library/<key:pk>/", library.library_item, name="library-item"),
    path("library/<key:pk>/edit/", library.library_edit, name="library-edit"),
    path("library/<key:pk>/edit/desk/", library.library_desk, name="library-desk"),
    path("library/<key:pk>/edit/at/<path:place>/", library.library_edit, name="library-edit-place"),
    path("library/<key:pk>/retire/", library.library_retire, name="library-retire"),
    path("library/<key:pk>/back/", library.library_back, name="library-back"),
    path("schemes/<cycle:slug>/confirm/", schemes.confirm, name="scheme-confirm"),
    path("schemes/<cycle:slug>/correct/", schemes.correct, name="scheme-correct"),
    path("schemes/<cycle:slug>/correct/<str:track>/", schemes.correct, name="scheme-correct-track"),
    path("schemes/<cycle:slug>/correct/<str:track>/<str:code>/", schemes.correct, name="scheme-correct-item"),
    path("holidays/", settings.holidays, name="holidays"),
    path("cycles/<cycle:slug>/settings/<str:track>/", settings.responsibilities, name="responsibilities"),
    path("cycles/<cycle:slug>/units/", units.units, name="units"),
    path("cycles/<cycle:slug>/units/add/", units.unit_add, name="unit-add"),
    path("cycles/<cycle:slug>/units/import/", units.units_import, name="units-import"),
    path("cycles/<cycle:slug>/follow/", following.follow, name="cycle-follow"),
    path("cycles/<cycle:slug>/follow/units.csv", following.follow_table, name="cycle-follow-table"),
    path("cycles/<cycle:slug>/drop/", following.drop, name="cycle-drop"),
    path("cycles/<cycle:slug>/units/remove/", units.units_remove, name="units-remove"),
    path("cycles/<cycle:slug>/units/<key:pk>/", units.unit_change, name="unit-change"),
]
