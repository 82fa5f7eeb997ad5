"""Questions that the workflow room asks its rows."""
