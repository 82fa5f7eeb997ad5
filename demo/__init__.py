"""The made-up world, its clock and its mail page; installed only where DEMO=1."""
