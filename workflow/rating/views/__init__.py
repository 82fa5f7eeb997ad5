"""Pages of draws and ratings."""
