"""The office's pages of a cycle."""

from django.urls import URLPattern, path

from workflow.views import cycle, dashboard, extensions, nudges

urlpatterns: list[URLPattern] = [
    path("cycles/", dashboard.current, name="dashboard"),
    path("cycles/<int:year>/", dashboard.dashboard, name="cycle"),
    path("cycles/<int:year>/units.csv", dashboard.export, name="cycle-export"),
    path("cycles/<int:year>/settings/", cycle.settings, name="cycle-settings"),
    path("cycles/<int:year>/open/", cycle.opening, name="cycle-open"),
    path("cycles/<int:year>/close/", cycle.closing, name="cycle-close"),
    path("cycles/<int:year>/nudge/", nudges.nudge_many, name="cycle-nudge"),
    path("cycles/<int:year>/extensions/", extensions.extend_many, name="cycle-extensions"),
]
