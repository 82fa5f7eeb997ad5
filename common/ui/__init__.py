"""The tags that pages are made of."""
