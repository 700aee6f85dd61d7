"""Change under a regimen in a group of patients."""
