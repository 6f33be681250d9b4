"""Who computes a work: one file for anamc's JIT, one for its C, one for each library."""
