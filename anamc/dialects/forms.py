"""Marks on functions and loops that say in which form kernels run."""

HOST_FORM = "anamc.host_form_of"
"""On a private function: it computes what the named one does, in the form for processors with vectors."""

HOST_ONLY = "anamc.host_only"
"""On a private function: only forms for processors call it."""

PLANNED = "anamc.planned"
"""On an entry: it computes what the named one does, by plans of rows that meet; it is `HOST_ONLY`."""

SIMD = "anamc.simd"
"""On a loop: no round depends on another one, so that they may run in the lanes of a vector."""

OMP = "anamc.omp_parallel_for"
"""On a loop: threads of OpenMP share its rounds."""

ALIGNED = "anamc.aligned"
"""On a local array: it starts where vectors are read and written at once."""
