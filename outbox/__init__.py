"""What is to be said: mails and texts, each once for its cause."""
