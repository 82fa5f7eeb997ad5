"""A correction of a frozen scheme: proposed by the office, signed by the head of the leading group."""
