"""Board, publicity and notices for those who run them."""

from django.urls import path

from workflow.views import boards, notices, objections, publicity

urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/new/<int:track_pk>/", boards.submit, name="board-submit"),
    path("boards/<int:pk>/", boards.board, name="board"),
    path("boards/<int:pk>/grades/", boards.grades, name="board-grades"),
    path("boards/<int:pk>/return/", boards.return_rows, name="board-return"),
    path("boards/<int:pk>/sign/", boards.sign, name="board-sign"),
    path("boards/<int:pk>/sealed.json", boards.sealed, name="board-sealed"),
    path("publicities/", publicity.publicities, name="publicities"),
    path("publicities/new/<int:pk>/", publicity.publish_board, name="publicity-new"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("notices/", notices.notices, name="notices"),
    path("notices/draft/", notices.draft, name="notice-draft"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/file/", notices.notice_file, name="notice-file"),
    path("notices/<int:pk>/nudge/", notices.nudge, name="notice-nudge"),
    path("results/", notices.results, name="results"),
    path("results/<int:pk>/confirm/", notices.confirm, name="receipt-confirm"),
]
