"""Addresses of the workflow room, one module for each part of the house."""

from workflow.urls import board, cycle, inbox, public, ratings, review, system, unit

urlpatterns = [
    *inbox.urlpatterns,
    *cycle.urlpatterns,
    *unit.urlpatterns,
    *review.urlpatterns,
    *ratings.urlpatterns,
    *board.urlpatterns,
    *public.urlpatterns,
    *system.urlpatterns,
]
