"""Measures the house against its peers: vanilla django-viewflow, hand-written SQL, the machine's own commit rate."""
