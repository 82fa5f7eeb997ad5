"""Makes an environment from a lock. Standard library only: it runs before anything is installed."""
