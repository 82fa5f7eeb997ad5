"""服务对象评价、市科协评价: draws, ballots, and the leaders' sheet."""
