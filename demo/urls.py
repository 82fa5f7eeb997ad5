"""The addresses of the demo."""

from django.urls import path

from demo.views import clock, mail

urlpatterns = [
    path("demo-mail/", mail.demo_mail, name="demo-mail"),
    path("demo-mail/<key:pk>/", mail.demo_message, name="demo-message"),
    path("clock/", clock.demo_clock, name="clock"),
]
