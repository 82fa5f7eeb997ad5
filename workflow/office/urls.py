"""The office's pages of a cycle, the record, and the health of the house."""

from django.urls import URLPattern, path

from workflow.office.views import attention, chosen, cycle, dashboard, events, health, printed

urlpatterns: list[URLPattern] = [
    path("cycles/", dashboard.current, name="dashboard"),
    path("cycles/<year:year>/", dashboard.dashboard, name="cycle"),
    path("cycles/<year:year>/units.csv", dashboard.export, name="cycle-export"),
    path("cycles/<year:year>/settings/", cycle.settings, name="cycle-settings"),
    path("cycles/<year:year>/open/", cycle.opening, name="cycle-open"),
    path("cycles/<year:year>/close/", cycle.closing, name="cycle-close"),
    path("cycles/<year:year>/nudge/", chosen.nudges, name="cycle-nudge"),
    path("cycles/<year:year>/unheld/", attention.unheld, name="cycle-unheld"),
    path("cycles/<year:year>/extensions/", chosen.extensions, name="cycle-extensions"),
    path("schemes/<year:year>/scheme.docx", printed.printed, name="scheme-printed"),
    path("events/", events.events, name="events"),
    path("events/file/", events.events_file, name="events-file"),
    path("messages/undelivered/", attention.undelivered_messages, name="undelivered"),
    path("health/", health.health, name="health"),
]
