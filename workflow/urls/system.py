"""Records, messages and the demo's clock."""

from django.conf import settings
from django.urls import path

from workflow.views import clock, events, health, messages, undelivered

urlpatterns = [
    path("events/", events.events, name="events"),
    path("events/file/", events.events_file, name="events-file"),
    path("messages/", messages.messages, name="messages"),
    path("messages/undelivered/", undelivered.undelivered_messages, name="undelivered"),
    path("messages/read/", messages.messages_read, name="messages-read"),
    path("messages/<key:pk>/", messages.message, name="message"),
    path("health/", health.health, name="health"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo-mail/", messages.demo_mail, name="demo-mail"),
        path("clock/", clock.demo_clock, name="clock"),
    ]
