"""What the office does with a whole cycle, and what happens by itself."""
