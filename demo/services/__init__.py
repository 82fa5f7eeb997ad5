"""What is done with a demo's time."""
