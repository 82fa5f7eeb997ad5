"""Forms of filing."""
