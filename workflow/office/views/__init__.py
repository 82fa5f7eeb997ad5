"""The office's pages of a cycle."""
