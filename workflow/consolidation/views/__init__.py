"""Pages of consolidation."""
