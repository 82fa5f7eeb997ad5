"""Commands that read a notice, score, count working days and draw, without a database."""
