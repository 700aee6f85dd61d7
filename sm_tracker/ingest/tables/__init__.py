"""A grid becomes tables whose columns have roles."""
