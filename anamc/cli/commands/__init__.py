"""
The commands of `anamc`, one a module: `HELP`, `add_arguments(parser)` and `run(options, report)`.

They import what is heavy inside functions, so that `anamc --help` is fast.
"""
