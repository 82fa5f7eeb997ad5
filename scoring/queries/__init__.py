"""Questions about sheets and cycles."""
