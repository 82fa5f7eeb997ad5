"""The demo's pages: its clock, everybody's mail, and the sign-in page with an account of each role."""
