"""What anamc costs, measured: one question a file, and the comparison with its peers (`python -m benchmarks`)."""
