"""Verbs of the documents room: each keeps or seals something."""
