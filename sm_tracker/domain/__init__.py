"""Frozen records, the column contracts of the tables, and the settings every number follows."""
