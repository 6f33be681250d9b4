"""A compiled function as people call it."""

from __future__ import annotations

import ctypes
import re
import threading
from typing import Any

import numpy as np
import pytest

from anamc.errors import CallError
from anamc.program import Array, Signature
from anamc.runtime.callable import BoundCall, Function, aligned_bytes, check_threads, with_dtype


def arguments(nodes: int = 6, **changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    given: dict[str, Any] = {
        "edgelist": rng.integers(0, nodes, (9, 2)).astype(np.int32),
        "params": rng.normal(size=13).astype(np.float32),
        "u": rng.normal(size=(nodes, 1)).astype(np.float32),
    }
    return given | changes


def test_repr_is_the_signature(net: Function) -> None:
    assert repr(net) == (
        "<net(edgelist: i32[nedges, 2], params: f32[13], extra: f32[nedges, 1], u: f32[nnodes, 1])"
        " -> {y: f32[nnodes, 1]}>"
    )


def test_each_call_gives_new_arrays(net: Function) -> None:
    first, second = net(**arguments()), net(**arguments())
    assert not np.shares_memory(first["y"], second["y"])
    np.testing.assert_array_equal(first["y"], second["y"])


def test_bound_call_gives_the_same_arrays_and_sees_changes(net: Function) -> None:
    given = arguments()
    call = net.bind(**given)
    first = call()
    before = first["y"].copy()
    given["u"] += 1
    second = call()
    assert second is first
    assert second["y"] is first["y"]
    assert not np.array_equal(before, first["y"])
    np.testing.assert_array_equal(first["y"], net(**given)["y"])


def test_bound_call_keeps_its_arguments_alive(net: Function) -> None:
    expected = net(**arguments())["y"]
    call = net.bind(**arguments())
    np.testing.assert_array_equal(call()["y"], expected)


def test_bound_calls_run_in_threads_at_once(net: Function) -> None:
    many: dict[str, Any] = {"u": np.zeros((2000, 1), np.float32), "edgelist": np.zeros((4000, 2), np.int32)}
    calls = [net.bind(**arguments(**many)) for _ in range(4)]
    expected = net(**arguments(**many))["y"]
    threads = [threading.Thread(target=lambda c=c: [c() for _ in range(20)]) for c in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for call in calls:
        np.testing.assert_array_equal(call.results["y"], expected)


def test_results_are_written_where_one_says(net: Function) -> None:
    y = np.full((6, 1), np.nan, np.float32)
    assert net.bind({"y": y}, **arguments())()["y"] is y
    np.testing.assert_array_equal(y, net(**arguments())["y"])


@pytest.mark.parametrize(
    ("code", "text", "out"),
    [
        ("A0503", "'net' has no result 'z'", {"z": np.zeros((6, 1), np.float32)}),
        ("A0504", "argument 'y': expected f32[nnodes, 1], got list", {"y": []}),
        ("A0506", "argument 'y': expected f32[nnodes, 1], got f64[6, 1]", {"y": np.zeros((6, 1))}),
        ("A0507", "argument 'y': expected f32[nnodes, 1], got f32[5, 1]", {"y": np.zeros((5, 1), np.float32)}),
    ],
)
def test_result_array_that_does_not_fit_is_refused(net: Function, code: str, text: str, out: dict[str, Any]) -> None:
    with pytest.raises(CallError, match=re.escape(text)) as caught:
        net.bind(out, **arguments())
    assert caught.value.code == code


def test_result_array_that_is_read_only_is_refused(net: Function) -> None:
    y = np.zeros((6, 1), np.float32)
    y.flags.writeable = False
    with pytest.raises(CallError, match=r"A0516.*f32\[6, 1\] that is read-only"):
        net.bind({"y": y}, **arguments())


def test_result_array_over_an_argument_is_refused(net: Function) -> None:
    given = arguments()
    with pytest.raises(CallError, match=r"A0517.*result 'y' overlaps 'u'"):
        net.bind({"y": given["u"]}, **given)


def test_argument_named_out_is_free() -> None:
    signature = Signature("f", ("n",), (Array("out", "float32", ("n",)),), ())
    with pytest.raises(CallError, match="'f' is missing 'out'"):
        Function(signature, Fake(), "float32").bind()


class Fake:
    """Code that is never called, or a workspace query that answers nonsense."""

    def __init__(self, workspace: int = 0, status: int = 0) -> None:
        self.kept = (
            ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int32)(lambda _: workspace),
            ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_int32, ctypes.c_void_p)(lambda *_: status),
        )

    def address(self, symbol: str) -> int:
        return ctypes.cast(self.kept[0 if symbol.endswith("_size") else 1], ctypes.c_void_p).value or 0


SIZED = Signature("f", ("n",), (), ())


@pytest.mark.parametrize("count", [2**62, -1000, -1])
def test_workspace_without_memory_is_refused(count: int) -> None:
    with pytest.raises(CallError, match=rf"A0518.*no memory for a workspace of {count} bytes"):
        Function(SIZED, Fake(workspace=count), "float32")(n=1)


def test_result_without_memory_is_refused() -> None:
    signature = Signature("f", ("n",), (), (Array("y", "float64", ("n", 2**31, 2**20)),))
    with pytest.raises(CallError, match=r"A0518.*no memory for result 'y' of shape"):
        Function(signature, Fake(), "float64")(n=2**20)


def test_status_of_the_code_is_an_error() -> None:
    with pytest.raises(CallError, match=r"A0519.*refused the call with status 3"):
        BoundCall(lambda: 3, Signature("f", (), (), ()), {}, {}, (np.zeros(0, np.uint8),))()


@pytest.mark.parametrize("threads", [0, -1, 257, "two", 1.5, True])
def test_threads_are_refused(threads: Any) -> None:
    with pytest.raises(CallError, match=rf"A0520.*threads must be a number from 1 to 256, got {threads!r}"):
        check_threads(threads)


@pytest.mark.parametrize("threads", [1, 2, 256, np.int64(2)])
def test_numbers_of_threads_are_fine(threads: Any) -> None:
    found = check_threads(threads)
    assert (found, type(found)) == (threads, int)


def test_dtype_sets_floats_and_leaves_integers(signature: Signature) -> None:
    found = with_dtype(signature, "float32")
    assert [a.dtype for a in found.arguments] == ["int32", "float32", "float32", "float32"]
    assert [r.dtype for r in found.results] == ["float32"]


def test_unknown_dtype_is_refused(signature: Signature) -> None:
    with pytest.raises(CallError, match=r"A0521.*got 'float16'"):
        with_dtype(signature, "float16")


@pytest.mark.parametrize("count", [0, 1, 100])
def test_workspace_starts_at_a_cache_line(count: int) -> None:
    workspace = aligned_bytes(count)
    assert workspace.ctypes.data % 64 == 0
    assert workspace.size == max(count, 1)
