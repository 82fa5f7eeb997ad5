"""Measuring through a web server: servers brought up beside the bench, and the clients that ask them."""
