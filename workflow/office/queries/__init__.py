"""Where every unit stands."""
