"""A compiled function of a Program, as people call it from Python."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from anamc.dialects.orders import Layout
from anamc.dialects.statuses import FIRST_STATUS, REPORT, REPORT_BYTES
from anamc.errors import CallError, shown
from anamc.program import Array, Signature
from anamc.runtime.buffers import (
    Buffer,
    Checked,
    as_buffer,
    check_arguments,
    check_output,
    check_overlap,
    check_result_names,
    concrete_shape,
    expected_text,
)

if TYPE_CHECKING:
    from anamc.dialects.plans import PlanSource
    from anamc.runtime.edge_plans import Planned
    from anamc.runtime.orders import Copies

WORKSPACE_ALIGNMENT = 64
MOST_THREADS = 256
FLOATS = ("float32", "float64")
AS_GIVEN = Layout()


class Code(Protocol):
    """Machine code with the addresses of its functions: `anamc.runtime.jit.Library`, or a shared library."""

    def address(self, symbol: str) -> int:
        """Where the function starts."""
        ...


def check_threads(threads: object) -> int:
    """The number of threads, from 1 to 256; CallError for anything else."""
    if isinstance(threads, int | np.integer) and not isinstance(threads, bool) and 1 <= threads <= MOST_THREADS:
        return int(threads)
    raise CallError("A0520", f"threads must be a number from 1 to {MOST_THREADS}, got {shown(repr(threads))}")


def with_dtype(signature: Signature, dtype: str) -> Signature:
    """`signature` with all floats of one type."""
    if dtype not in FLOATS:
        raise CallError("A0521", f"dtype must be 'float32' or 'float64', got '{shown(dtype)}'")

    def of_type(array: Array) -> Array:
        return replace(array, dtype=dtype) if array.dtype in FLOATS else array

    return replace(
        signature,
        arguments=tuple(map(of_type, signature.arguments)),
        results=tuple(map(of_type, signature.results)),
    )


def aligned_bytes(count: int) -> Buffer:
    """
    `count` bytes, but at least one, of fresh memory from a multiple of 64.

    MemoryError or ValueError where there is no such memory.
    """
    if count < 0:
        raise ValueError(count)
    raw = np.empty(count + WORKSPACE_ALIGNMENT, dtype=np.uint8)
    start = -raw.ctypes.data % WORKSPACE_ALIGNMENT
    return raw[start : start + max(count, 1)]


def _address(buffer: Buffer) -> int:
    return buffer.__array_interface__["data"][0]


class BoundCall:
    """
    A call whose arguments are checked and whose results and workspace are allocated: call it to compute.

    Each call writes the same result arrays and returns the same dict. Changes of the arguments in
    place are seen, but not checked; those of index tables for which there is a plan are not seen. It
    owns its workspace: two threads need two bound calls.
    """

    __slots__ = ("_held", "_run", "_signature", "results", "sizes")

    def __init__(
        self,
        run: Callable[[], int],
        signature: Signature,
        results: dict[str, Buffer],
        sizes: dict[str, int],
        held: tuple[Any, ...],
    ) -> None:
        """`held`: what the call must keep alive, its workspace last."""
        self._run = run
        self._signature = signature
        self._held = held
        self.results = results
        self.sizes = sizes

    @property
    def workspace_bytes(self) -> int:
        """Bytes that the call has for what is neither argument nor result."""
        return int(self._held[-1].nbytes)

    def __call__(self) -> dict[str, Buffer]:
        """Compute. CallError where the code reports that it cannot."""
        if status := self._run():
            raise refusal(status, self._signature, self.sizes, self._held[-1])
        return self.results


def refusal(status: int, signature: Signature, sizes: Mapping[str, int], workspace: Buffer) -> CallError:
    """What a status means that is not 0; `workspace` holds what the checks of computed indices found."""
    number = status - FIRST_STATUS
    if not 0 <= number < len(signature.computed):
        return CallError("A0519", f"the compiled function refused the call with status {status}")
    from anamc.runtime.bounds import computed_error  # noqa: PLC0415  # only where a call fails

    starts = [REPORT_BYTES * number + start for start in REPORT]
    extremes = [int(workspace[start : start + 8].view(np.int64)[0]) for start in starts]
    return computed_error(signature.computed[number], sizes, extremes)


class Function:
    """
    A compiled function: keyword arrays in, a dict of arrays out.

    Arguments are NumPy arrays, DLPack objects or objects with `__array_interface__`; nothing is
    copied or cast. Run-time sizes come from the arrays, or by name (`nnodes=`) where no array has them.
    """

    def __init__(
        self,
        signature: Signature,
        library: Code,
        dtype: str,
        entry: str | None = None,
        workspace: str | None = None,
        plans: tuple[PlanSource, ...] = (),
        layout: Layout = AS_GIVEN,
        threads: int = 1,
        located: Callable[[], Signature] | None = None,
    ) -> None:
        """
        `entry` and `workspace` are symbols of `library`: default `<name>_eval`, `<name>_workspace_size`.

        `plans`: what the plans are made of that the code takes behind its arguments. `layout`: which
        rows may come in another order, with `threads` to bring them there. `located`: the
        signature with places in the user's file, asked for where a call is wrong and `signature`, read from
        the cache, has none.
        """
        self.signature = with_dtype(signature, dtype)
        self.library = library
        self.dtype = dtype
        size = (ctypes.c_int32,) * len(signature.sizes)
        self.plans = plans
        self.layout = layout
        self.threads = threads
        self._located = located
        arrays = (ctypes.c_void_p,) * (len(signature.arguments) + len(plans) + len(signature.results) + 1)
        start = library.address(entry or f"{signature.name}_eval")
        query = library.address(workspace or f"{signature.name}_workspace_size")
        self._eval = ctypes.CFUNCTYPE(ctypes.c_int32, *size, *arrays)(start)
        self._workspace_size = ctypes.CFUNCTYPE(ctypes.c_int64, *size)(query)

    def __call__(self, /, **arrays: Any) -> dict[str, Buffer]:
        """Check, allocate, compute; the results are new arrays. CallError A0501 to A0525."""
        return self.bind(**arrays)()

    def bind(self, out: Mapping[str, Any] | None = None, /, **arrays: Any) -> BoundCall:
        """
        Check the arguments once, allocate once: a callable without arguments.

        `out`: result arrays to write into, by name; the others are allocated. They must not
        overlap the arguments.
        """
        checked = self._checked(arrays)
        results = self._results(out or {}, checked.sizes)
        if out:
            check_overlap(results, checked.buffers)
        sizes = tuple(checked.sizes[n] for n in self.signature.sizes)
        workspace = self._workspace(sizes)
        planned = self._planned(checked)
        given = checked.buffers if planned is None else {**checked.buffers, **planned.taken}
        copies = self._copies(planned, given, results)
        given, written = (given, results) if copies is None else ({**given, **copies.inputs}, copies.outputs)
        inputs = (given.get(a.name) for a in self.signature.arguments)
        plans = () if planned is None else planned.plans
        buffers = (*inputs, *plans, *(written.get(n, r) for n, r in results.items()), workspace)
        pointers = [ctypes.c_void_p(None if b is None else _address(b)) for b in buffers]
        run = self._run(checked, [*map(ctypes.c_int32, sizes), *pointers])
        run = run if copies is None else copies.around(run, self.threads)
        return BoundCall(run, self.signature, results, checked.sizes, (buffers, self.library, workspace))

    def _run(self, checked: Checked, arguments: Sequence[Any]) -> Callable[[], int]:
        """The call with its arguments; it gives the status."""
        return partial(self._eval, *arguments)

    def _checked(self, arrays: Mapping[str, Any]) -> Checked:
        try:
            return check_arguments(self.signature, arrays)
        except CallError as error:
            if self._located is not None and not str(error.place):
                check_arguments(with_dtype(self._located(), self.dtype), arrays)  # the same error, with its place
            raise

    def _planned(self, checked: Checked) -> Planned | None:
        """The plans of a call with the tables that they were made of; None where the code takes none."""
        if not self.plans:
            return None
        from anamc.runtime.edge_plans import PLANS  # noqa: PLC0415  # most functions have none

        names = dict.fromkeys(table for source in self.plans for table, _, _ in source.columns)
        names |= dict.fromkeys(self.layout.numbers)
        shapes = {a.name: concrete_shape(a, checked.sizes) for a in self.signature.arguments if a.name in names}
        tables = {n: checked.buffers[n].reshape(shapes[n]) for n in names}
        return PLANS.of(self.plans, tables, self.layout, checked.sizes)

    def _copies(
        self, planned: Planned | None, given: Mapping[str, Buffer], results: Mapping[str, Buffer]
    ) -> Copies | None:
        """Arguments and results in the order of a plan, where that is another; None otherwise."""
        if planned is None or not planned.orders:
            return None
        from anamc.runtime.orders import Copies  # noqa: PLC0415  # most meshes need none

        arguments = {n: b for n, b in given.items() if n not in planned.taken}
        try:
            return Copies.of(self.layout.arrays, planned.orders, arguments, results)
        except MemoryError:
            raise CallError("A0518", "no memory for arguments and results in another order") from None

    def _results(self, out: Mapping[str, Any], sizes: dict[str, int]) -> dict[str, Buffer]:
        check_result_names(self.signature, out)
        results: dict[str, Buffer] = {}
        for array in self.signature.results:
            if array.name in out:
                results[array.name] = as_buffer(array, out[array.name])
                check_output(array, results[array.name], sizes)
            else:
                results[array.name] = self._allocate(array, concrete_shape(array, sizes))
        return results

    def _allocate(self, array: Array, shape: tuple[int, ...]) -> Buffer:
        try:
            return np.empty(shape, dtype=array.dtype)
        except (MemoryError, ValueError):
            raise CallError("A0518", f"no memory for result '{shown(array.name)}' of shape {shape}") from None

    def _workspace(self, sizes: tuple[int, ...]) -> Buffer:
        count = self._workspace_size(*sizes)
        try:
            return aligned_bytes(count)
        except (MemoryError, ValueError):
            raise CallError("A0518", f"no memory for a workspace of {count} bytes") from None

    def __repr__(self) -> str:
        arguments = ", ".join(f"{shown(a.name)}: {expected_text(a)}" for a in self.signature.arguments)
        results = ", ".join(f"{shown(r.name)}: {expected_text(r)}" for r in self.signature.results)
        return f"<{shown(self.signature.name)}({arguments}) -> {{{results}}}>"
