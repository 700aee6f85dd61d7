"""Forms in which records are handed to other programs, and what each of them cannot carry."""
