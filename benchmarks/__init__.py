"""Benchmarks: ``python -m benchmarks`` prints figures; nothing here is a test."""
