"""What the pages of filing show."""
