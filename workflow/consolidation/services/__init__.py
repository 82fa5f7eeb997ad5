"""What the office decides about one result."""
