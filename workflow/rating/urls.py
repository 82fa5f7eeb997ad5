"""Draws, ballots and the leaders' sheet."""

from django.urls import URLPattern, path

from workflow.rating.views import ballots, comments, drawings, draws, figures, leaders, public_draws, slips, tally

urlpatterns: list[URLPattern] = [
    path("draws/", drawings.draws, name="draws"),
    path("draws/new/", drawings.new_drawing, name="drawing-new"),
    path("draws/drawings/<key:pk>/", drawings.drawing, name="drawing"),
    path("draws/drawings/<key:pk>/hash/", drawings.log_hash, name="drawing-hash"),
    path("draws/drawings/<key:pk>/secret/", drawings.reveal, name="drawing-secret"),
    path("draws/drawings/<key:pk>/numbers/", drawings.numbers, name="drawing-numbers"),
    path("draws/drawings/<key:pk>/confirmed/", drawings.confirm, name="drawing-confirm"),
    path("draws/drawings/<key:pk>/draw/", drawings.draw_all, name="drawing-draw"),
    path("draws/drawings/<key:pk>/given-up/", drawings.give_up, name="drawing-give-up"),
    path("draws/<key:pk>/", draws.draw_page, name="draw"),
    path("draws/<key:pk>/replaced/", draws.replace, name="draw-replace"),
    path("draws/public/", public_draws.public_draws, name="public-draws"),
    path("draws/public/<key:pk>/", public_draws.public_draw, name="public-draw"),
    path("draws/public/<key:pk>/roster.csv", public_draws.drawn_roster, name="drawn-roster"),
    path("draws/public/<key:pk>/categories.csv", public_draws.drawn_categories, name="drawn-categories"),
    path("draws/public/rosters/<key:pk>.csv", public_draws.fixed_roster, name="fixed-roster"),
    path("draws/public/drawings/<key:pk>/seed.txt", public_draws.seed, name="drawing-seed"),
    path("draws/public/drawings/<key:pk>/rosters.txt", public_draws.rosters, name="drawing-rosters"),
    path("ballot/", ballots.ballot, name="ballot"),
    path("ballot/sheet/", ballots.ballot_sheet, name="ballot-sheet"),
    path("ballot/cast/", ballots.ballot_cast, name="ballot-cast"),
    path("draws/<key:pk>/ballots/", slips.ballots, name="ballots"),
    path("draws/<key:pk>/ballots/slips/", slips.ballot_slips, name="ballot-slips"),
    path("draws/<key:pk>/ballots/<key:ballot_pk>/", slips.ballot_reissue, name="ballot-reissue"),
    path("ballot-box/", tally.ballot_box, name="ballot-box"),
    path("ballot-box/key/", tally.ballot_box_key, name="ballot-box-key"),
    path("ballot-box/proof/", tally.ballot_box_proof, name="ballot-box-proof"),
    path("ballot-box/open/", tally.ballot_box_open, name="ballot-box-open"),
    path("ballot-box/give-up/", tally.ballot_box_give_up, name="ballot-box-give-up"),
    path("ballot-box/units/<key:pk>/", tally.too_few, name="too-few"),
    path("ballot-receipts/", tally.ballot_receipts, name="ballot-receipts"),
    path("ratings/", leaders.leaders_grid, name="leaders-grid"),
    path("rating-figures/", figures.rating_figures, name="rating-figures"),
    path("assessments/<key:pk>/distribution/", figures.unit_distribution, name="unit-distribution"),
    path("comments/", comments.comments, name="comments"),
    path("assessments/<key:pk>/comments/", comments.unit_comments, name="unit-comments"),
]
