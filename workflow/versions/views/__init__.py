"""Pages of the versions of a scheme: which there were, proposing one, signing it."""
