"""How kernels should run on a machine: descriptions of machines, and a cost model that changes nothing."""
