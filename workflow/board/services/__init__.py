"""Submitting, grading, returning, signing."""
