"""Pages of schemes: notices, findings, tracks."""
