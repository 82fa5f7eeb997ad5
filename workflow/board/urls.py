"""领导小组审定: boards, their grades and signature."""

from django.urls import URLPattern, path

from workflow.board import views

urlpatterns: list[URLPattern] = [
    path("boards/", views.boards, name="boards"),
    path("boards/new/<key:track_pk>/", views.submit, name="board-submit"),
    path("boards/<key:pk>/", views.board, name="board"),
    path("boards/<key:pk>/grades/", views.grades, name="board-grades"),
    path("boards/<key:pk>/return/", views.return_rows, name="board-return"),
    path("boards/<key:pk>/sign/", views.sign, name="board-sign"),
    path("boards/<key:pk>/sealed.json", views.sealed, name="board-sealed"),
]
