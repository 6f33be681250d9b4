"""Readable C99 with OpenACC and OpenMP directives from a flat module (docs/backends/openacc_c.md)."""

from anamc.backends.openacc_c.files import emit_c, entry_symbols, plans_of_entries
from anamc.backends.openacc_c.target import OpenAccCTarget

__all__ = ["OpenAccCTarget", "emit_c", "entry_symbols", "plans_of_entries"]
