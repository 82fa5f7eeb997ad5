"""Where draws and ratings stand."""
