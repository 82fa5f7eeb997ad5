"""The office's pages of a cycle, the record, and the health of the house."""

from django.urls import URLPattern, path

from workflow.office.views import attention, chosen, cycle, dashboard, events, health, printed

urlpatterns: list[URLPattern] = [
    path("cycles/", dashboard.current, name="dashboard"),
    path("cycles/<cycle:slug>/", dashboard.dashboard, name="cycle"),
    path("cycles/<cycle:slug>/units.csv", dashboard.export, name="cycle-export"),
    path("cycles/<cycle:slug>/settings/", cycle.settings, name="cycle-settings"),
    path("cycles/<cycle:slug>/open/", cycle.opening, name="cycle-open"),
    path("cycles/<cycle:slug>/close/", cycle.closing, name="cycle-close"),
    path("cycles/<cycle:slug>/nudge/", chosen.nudges, name="cycle-nudge"),
    path("cycles/<cycle:slug>/unheld/", attention.unheld, name="cycle-unheld"),
    path("cycles/<cycle:slug>/extensions/", chosen.extensions, name="cycle-extensions"),
    path("schemes/<cycle:slug>/scheme.docx", printed.printed, name="scheme-printed"),
    path("events/", events.events, name="events"),
    path("events/file/", events.events_file, name="events-file"),
    path("messages/undelivered/", attention.undelivered_messages, name="undelivered"),
    path("health/", health.health, name="health"),
]
