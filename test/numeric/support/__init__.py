"""What the numeric tests share: graphs, their evaluation in plain NumPy, meshes, ways to run a program."""
