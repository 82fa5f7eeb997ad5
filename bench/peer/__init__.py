"""The peer: django-viewflow as its documentation shows it, with a flow of the same shape as ours."""
