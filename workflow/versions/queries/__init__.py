"""What a proposed version would do, and what keeps it back."""
