"""Bytes become grids of cells: containers, text encodings, workbooks."""
