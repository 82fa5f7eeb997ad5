"""Publishing, objecting, deciding."""
