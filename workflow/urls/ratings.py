"""Draws, ballots and the leaders' grid."""

from django.urls import path

from workflow.views import draws, ratings

urlpatterns = [
    path("draws/", draws.draws, name="draws"),
    path("draws/new/", draws.draw_many, name="draw-many"),
    path("draws/<key:pk>/", draws.draw_page, name="draw"),
    path("assessments/<key:pk>/roster.csv", draws.public_roster, name="public-roster"),
    path("ballots/<str:token>/", ratings.ballot, name="ballot"),
    path("ratings/", ratings.leaders_grid, name="leaders-grid"),
]
