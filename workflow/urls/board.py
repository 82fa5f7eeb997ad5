"""Board, publicity and notices for those who run them."""

from django.urls import path

from workflow.views import boards, notices, objections, publicity

urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/new/<key:track_pk>/", boards.submit, name="board-submit"),
    path("boards/<key:pk>/", boards.board, name="board"),
    path("boards/<key:pk>/grades/", boards.grades, name="board-grades"),
    path("boards/<key:pk>/return/", boards.return_rows, name="board-return"),
    path("boards/<key:pk>/sign/", boards.sign, name="board-sign"),
    path("boards/<key:pk>/sealed.json", boards.sealed, name="board-sealed"),
    path("publicities/", publicity.publicities, name="publicities"),
    path("publicities/new/<key:pk>/", publicity.publish_board, name="publicity-new"),
    path("objections/<key:pk>/", objections.objection, name="objection"),
    path("notices/", notices.notices, name="notices"),
    path("notices/draft/", notices.draft, name="notice-draft"),
    path("notices/<key:pk>/", notices.notice, name="notice"),
    path("notices/<key:pk>/file/", notices.notice_file, name="notice-file"),
    path("notices/<key:pk>/nudge/", notices.nudge, name="notice-nudge"),
    path("results/", notices.results, name="results"),
    path("results/<key:pk>/confirm/", notices.confirm, name="receipt-confirm"),
]
