"""A copy of a clinic's file that keeps its form and its troubles, and nobody's data."""
