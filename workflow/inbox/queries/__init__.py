"""What a person owes: tasks, what is owed besides them, and what the office decides next."""
