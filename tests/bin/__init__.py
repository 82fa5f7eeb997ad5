"""Tests of the commands in bin/."""
