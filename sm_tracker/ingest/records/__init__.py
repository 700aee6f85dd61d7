"""Rows of a table become measurements, therapy periods and outcomes."""
