"""Draws, ballots and the leaders' sheet."""

from django.urls import URLPattern, path

from workflow.rating.views import ballots, draws, leaders

urlpatterns: list[URLPattern] = [
    path("draws/", draws.draws, name="draws"),
    path("draws/new/", draws.draw_many, name="draw-many"),
    path("draws/<key:pk>/", draws.draw_page, name="draw"),
    path("assessments/<key:pk>/roster.csv", draws.public_roster, name="public-roster"),
    path("ballot/", ballots.ballot, name="ballot"),
    path("ballot/sheet/", ballots.ballot_sheet, name="ballot-sheet"),
    path("ballot/cast/", ballots.ballot_cast, name="ballot-cast"),
    path("ratings/", leaders.leaders_grid, name="leaders-grid"),
]
