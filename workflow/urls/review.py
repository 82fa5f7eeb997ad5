"""Department review, records, incidents, consolidation."""

from django.urls import path

from workflow.views import consolidation, incidents, records, review, review_grid

urlpatterns = [
    path("review/", review.review, name="review"),
    path("review/approve/", review.approve, name="review-approve"),
    path("review/grid/<slug:code>/", review_grid.review_grid, name="review-grid"),
    path("review/<key:pk>/", review.review_unit, name="review-unit"),
    path("review/<key:pk>/hand-back/", review.hand_back, name="review-hand-back"),
    path("records/", records.records, name="records"),
    path("records/<key:pk>/withdraw/", records.withdraw, name="record-withdraw"),
    path("assessments/<key:pk>/incidents/", incidents.incidents, name="incidents"),
    path("incidents/<key:pk>/withdraw/", incidents.withdraw, name="incident-withdraw"),
    path("incidents/<key:pk>/document/", incidents.document, name="incident-document"),
    path("consolidation/", consolidation.consolidation, name="consolidation"),
    path("consolidation/confirm/", consolidation.confirm, name="consolidation-confirm"),
    path("consolidation/<key:pk>/", consolidation.consolidation_unit, name="consolidation-unit"),
]
