"""What the public sees."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
