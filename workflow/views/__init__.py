"""Pages of the flow: each reads a request, calls one service, answers."""
