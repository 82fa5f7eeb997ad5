"""Pages of publicity and objections."""
