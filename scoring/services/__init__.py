"""Verbs of the scoring room: each changes what counts, in one transaction."""
