"""工作考核: departments score, their heads approve, and the facts of the year stand beside."""
