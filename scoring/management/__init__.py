"""Management commands of the scoring room."""
