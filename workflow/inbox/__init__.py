"""What a person owes, one address a task, the page of one assessment."""
