"""The demo's clock and mails: only where DEMO is on."""

from django.urls import URLPattern, path

from workflow.demo import views
from workflow.inbox.views import messages

urlpatterns: list[URLPattern] = [
    path("demo-mail/", messages.demo_mail, name="demo-mail"),
    path("clock/", views.demo_clock, name="clock"),
]
