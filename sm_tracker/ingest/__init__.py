"""Bytes become a text table, a text table becomes records and findings."""
