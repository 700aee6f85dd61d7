"""Measurement error: how large it is, and what it lets one find."""
