"""What was done: events, the clock they are dated by, and the errors a person may cause."""
