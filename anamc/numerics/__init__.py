"""Scalar and vector arithmetic that lowerings share."""
