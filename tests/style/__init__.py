"""Tests of the rules that the source tree keeps: lengths, docstrings, templates, translations."""
