"""Forms of the flow."""
