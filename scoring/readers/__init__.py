"""Files of notices read into paragraphs and tables with their places."""
