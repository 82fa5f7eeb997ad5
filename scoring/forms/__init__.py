"""Forms of the scoring room."""
