"""Forms of publicity and objections."""
