"""通报: the notice of results is issued, and every unit confirms its receipt."""
