"""The tests of the whole house; each folder mirrors a room of the source tree."""
