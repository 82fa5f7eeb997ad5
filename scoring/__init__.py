"""What counts: the cycle and its scheme, score sheets, records, incidents, draws, ratings and ranking."""
