"""Nothing of the trade: clock, errors, encryption, arrival of a request, words of dates and numbers, tables, pages."""
