"""公示: the signed list before the public, and objections to it."""
