"""Many at once: what was asked of hundreds of units is noted, worked off in chunks, and told truly as it goes on."""
