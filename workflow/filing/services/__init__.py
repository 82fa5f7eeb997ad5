"""What a unit and its desk do."""
