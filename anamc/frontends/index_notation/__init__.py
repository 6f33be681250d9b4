"""Index notation (`.ix`): tensors and kernels written as indexed sums (docs/index-notation.md)."""
