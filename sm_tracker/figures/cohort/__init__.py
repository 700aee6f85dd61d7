"""Figures of a group of patients."""
