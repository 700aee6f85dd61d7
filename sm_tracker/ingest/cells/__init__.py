"""Text of one cell becomes a value: dates, numbers, units, sites, therapies."""
