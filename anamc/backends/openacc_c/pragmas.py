"""OpenACC and OpenMP directives, as macros that vanish where the compiler does not know them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xdsl.dialects import acc
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c.expressions import Expr

DEFINITIONS = """\
#define ANAMC_PRAGMA(text) _Pragma(#text)
#ifdef _OPENACC
#define ANAMC_ACC(...) ANAMC_PRAGMA(acc __VA_ARGS__)
#else
#define ANAMC_ACC(...)
#endif
"""

OMP_DEFINITIONS = """\
#if defined(_OPENMP) && !defined(_OPENACC)
#define ANAMC_OMP(...) ANAMC_PRAGMA(omp __VA_ARGS__)
#else
#define ANAMC_OMP(...)
#endif
"""

SIMD_DEFINITIONS = """\
/* The rounds of a loop behind ANAMC_SIMD do not depend on each other: they may run in the lanes of vectors. */
#if defined(_OPENACC)
#define ANAMC_SIMD
#elif defined(__clang__)
#define ANAMC_SIMD ANAMC_PRAGMA(clang loop vectorize(enable))
#elif defined(__GNUC__)
#define ANAMC_SIMD ANAMC_PRAGMA(GCC ivdep)
#else
#define ANAMC_SIMD
#endif
/* Local arrays that start where vectors do. */
#if defined(__GNUC__) && !defined(_OPENACC)
#define ANAMC_ALIGNED __attribute__((aligned(64)))
#else
#define ANAMC_ALIGNED
#endif
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"
#elif defined(__GNUC__) && !defined(_OPENACC) && !defined(__INTEL_COMPILER) && !defined(__NVCOMPILER)
/* Where a minimum has a constant side, this pass of GCC makes two paths of it, and those go into no vector. */
#pragma GCC optimize ("no-tree-pre")
#endif
"""

PREFETCH_DEFINITIONS = """\
/* Numbers that are needed soon, into the second cache. */
#if defined(__GNUC__) && !defined(_OPENACC) && !defined(__NVCOMPILER)
#define ANAMC_PREFETCH(address) __builtin_prefetch(address, 0, 2)
#else
#define ANAMC_PREFETCH(address) ((void)(address))
#endif
"""

OMP_SIMD = """\
#elif defined(_OPENMP)
#define ANAMC_SIMD ANAMC_PRAGMA(omp simd)
#else
#define ANAMC_SIMD
"""


def macros(texts: list[str]) -> str:
    """Definitions of the macros that functions use. GCC and Clang get their own words: they do better with them."""
    omp, simd = (any(name in text for text in texts) for name in ("ANAMC_OMP(", "ANAMC_SIMD"))
    found = DEFINITIONS + (OMP_DEFINITIONS if omp else "")
    if simd:
        found += SIMD_DEFINITIONS.replace("#else\n#define ANAMC_SIMD\n", OMP_SIMD, 1) if omp else SIMD_DEFINITIONS
    if any("ANAMC_PREFETCH(" in text for text in texts):
        found += PREFETCH_DEFINITIONS
    return found


CLAUSES = {
    acc.DataClause.ACC_PRESENT: "present",
    acc.DataClause.ACC_COPYIN: "copyin",
    acc.DataClause.ACC_COPYOUT: "copyout",
    acc.DataClause.ACC_COPY: "copy",
    acc.DataClause.ACC_CREATE: "create",
    acc.DataClause.ACC_UPDATE_HOST: "self",
}
ENTRIES = (acc.PresentOp, acc.CopyinOp, acc.CreateOp, acc.GetDevicePtrOp)


def data_clauses(operands: Iterable[SSAValue], value: Callable[[SSAValue], Expr]) -> list[tuple[str, list[str]]]:
    """Each clause with its array sections, as ``copyin``, ``a[0:n]``: in order of first appearance."""
    groups: dict[str, list[str]] = {}
    for operand in operands:
        entry = operand.owner
        clause = CLAUSES.get(entry.data_clause.data) if isinstance(entry, ENTRIES) and entry.data_clause else None
        if not isinstance(entry, ENTRIES) or clause is None:
            name = entry.name if isinstance(entry, Operation) else operand.type
            raise DiagnosticException(f"openacc-c: cannot print a data clause from '{name}'")
        groups.setdefault(clause, []).append(value(entry.var).text + _section(entry.bounds, value))
    return list(groups.items())


def _section(bounds: Iterable[SSAValue], value: Callable[[SSAValue], Expr]) -> str:
    parts: list[str] = []
    for bound in bounds:
        op = bound.owner
        if not isinstance(op, acc.DataBoundsOp) or op.extent is None or op.lowerbound is None:
            raise DiagnosticException("openacc-c: cannot print 'acc.bounds' without lower bound and extent")
        parts.append(f"[{value(op.lowerbound).converted}:{value(op.extent).converted}]")
    return "".join(parts)


def loop_clauses(loop: acc.LoopOp) -> list[str]:
    """Clauses of a loop that the IR has chosen, in C's spelling."""
    chosen = [("gang", loop.gang), ("worker", loop.worker), ("vector", loop.vector), ("seq", loop.seq)]
    clauses = [word for word, present in [*chosen, ("independent", loop.independent), ("auto", loop.auto_)] if present]
    if loop.collapse:
        clauses.append(f"collapse({loop.collapse.data[0].value.data})")
    return clauses
