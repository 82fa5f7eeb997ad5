"""A made-up world to look at: a finished cycle of 2020 and a live one of this year, run through the real flow."""
