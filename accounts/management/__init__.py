"""Management commands of the accounts room."""
