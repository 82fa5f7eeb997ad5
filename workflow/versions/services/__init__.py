"""Proposing, submitting and giving up; signing and returning; counting anew."""
