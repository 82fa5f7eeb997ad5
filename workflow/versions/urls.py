"""Corrections of a frozen scheme: its versions, and the one that is proposed."""

from django.urls import URLPattern, path

from workflow.versions.views import deciding, proposing, versions

urlpatterns: list[URLPattern] = [
    path("schemes/<cycle:slug>/versions/", versions.versions, name="scheme-versions"),
    path("schemes/<cycle:slug>/versions/new/", proposing.propose, name="version-propose"),
    path("schemes/<cycle:slug>/versions/compare/", versions.compare, name="version-compare"),
    path("versions/<key:pk>/", versions.version, name="version"),
    path("versions/<key:pk>/submit/", proposing.submit, name="version-submit"),
    path("versions/<key:pk>/withdraw/", proposing.withdraw, name="version-withdraw"),
    path("versions/<key:pk>/return/", deciding.give_back, name="version-return"),
    path("versions/<key:pk>/sign/", deciding.sign, name="version-sign"),
]
