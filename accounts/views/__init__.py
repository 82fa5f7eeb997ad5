"""Pages of accounts: sign-in, units, accounts, errors."""
