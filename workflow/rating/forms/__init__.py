"""What is typed for draws and ratings."""
