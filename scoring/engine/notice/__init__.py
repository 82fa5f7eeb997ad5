"""Reads an assessment notice: source, fold, marks, then letter and annexes, then the checks."""
