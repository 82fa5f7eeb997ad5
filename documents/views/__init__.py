"""Pages that hand out what is kept."""
