"""评价汇总: results, and incidents."""

from django.urls import URLPattern, path

from workflow.consolidation.views import consolidation, incidents

urlpatterns: list[URLPattern] = [
    path("assessments/<key:pk>/incidents/", incidents.incidents, name="incidents"),
    path("incidents/<key:pk>/withdraw/", incidents.withdraw, name="incident-withdraw"),
    path("incidents/<key:pk>/document/", incidents.document, name="incident-document"),
    path("consolidation/", consolidation.consolidation, name="consolidation"),
    path("consolidation/confirm/", consolidation.confirm, name="consolidation-confirm"),
    path("consolidation/<key:pk>/", consolidation.consolidation_unit, name="consolidation-unit"),
]
