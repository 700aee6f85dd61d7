"""Marks on a page, the medium they are drawn on, and where labels find room."""
