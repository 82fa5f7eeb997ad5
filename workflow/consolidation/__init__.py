"""评价汇总: the result is computed and confirmed, a review is opened again, an incident is decided."""
