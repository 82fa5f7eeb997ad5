"""What was done: events; and whether the database is a demo's or a real one."""
