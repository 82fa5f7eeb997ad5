"""Composition: settings, URLs and the WSGI entry; no rules live here."""

from celery_app import app as celery_app

__all__ = ["celery_app"]
