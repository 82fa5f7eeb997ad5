"""Drawing, casting, rating."""
