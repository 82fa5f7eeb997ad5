"""What the public and the office see of a publicity."""
