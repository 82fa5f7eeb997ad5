"""领导小组审定: boards, their grades and signature."""

from django.urls import URLPattern, path

from workflow.board.views import board, boards, signing, trying

urlpatterns: list[URLPattern] = [
    path("boards/", boards.boards, name="boards"),
    path("boards/try/<cycle:slug>/", trying.trying, name="try-rules"),
    path("boards/try/<cycle:slug>/table.csv", trying.table, name="try-rules-table"),
    path("boards/new/<key:track_pk>/", boards.submit, name="board-submit"),
    path("boards/<key:pk>/", board.board, name="board"),
    path("boards/<key:pk>/grades/", board.grades, name="board-grades"),
    path("boards/<key:pk>/return/", board.return_rows, name="board-return"),
    path("boards/<key:pk>/sign/", signing.sign, name="board-sign"),
    path("boards/<key:pk>/sealed.json", signing.sealed, name="board-sealed"),
]
