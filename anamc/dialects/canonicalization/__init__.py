"""Patterns of the pass `canonicalize`, one file a dialect."""
