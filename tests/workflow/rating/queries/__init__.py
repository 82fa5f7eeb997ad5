"""Queries of draws and ratings."""
