"""Kernels on vectors of rows: one row a lane."""
