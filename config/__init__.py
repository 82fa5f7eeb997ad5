"""Composition: settings, URLs, the WSGI entry and the queue; no rules live here."""

# Loaded with the settings, so that every process hints to the broker that they name.
from celery_app import app as celery_app

__all__ = ["celery_app"]
