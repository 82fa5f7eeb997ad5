"""Verbs of the flow: each moves assessments, in one transaction under the process lock."""
