"""Starts, tests and manages the system on one machine, after the shell has made the environment."""
