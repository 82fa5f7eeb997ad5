"""Composition: settings, URLs and the WSGI entry; no rules live here."""
