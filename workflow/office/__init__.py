"""The cycle as the office runs it: opening, plan, extensions, nudges, dashboard, the sweep."""
