"""What stands on a board and how it is shown."""
