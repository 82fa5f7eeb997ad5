"""Board, publicity and notices for those who run them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
