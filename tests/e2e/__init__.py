"""Walks through the system in a real browser."""
