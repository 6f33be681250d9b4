"""Arguments of a call: what is refused, and with which words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from anamc.errors import CallError
from anamc.program import Array, Signature
from anamc.runtime.buffers import Checked, check_arguments, check_overlap, dtype_text

NET = Signature(
    "net",
    ("nnodes", "nedges"),
    (
        Array("edgelist", "int32", ("nedges", 2)),
        Array("params", "float32", (4,)),
        Array("extra", "float32", ("nedges", 1), used=False),
        Array("u", "float32", ("nnodes", 1)),
        Array("v", "float32", ("nnodes", 3)),
    ),
    (Array("y", "float32", ("nnodes", 1)),),
)


def good(**changes: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "edgelist": np.array([[0, 1], [1, 2]], np.int32),
        "params": np.zeros(4, np.float32),
        "u": np.zeros((3, 1), np.float32),
        "v": np.zeros((3, 3), np.float32),
    }
    arguments |= changes
    return {k: v for k, v in arguments.items() if v is not None}


def check(**changes: Any) -> Checked:
    return check_arguments(NET, good(**changes))


def refused(code: str, text: str, **changes: Any) -> CallError:
    with pytest.raises(CallError, match=re.escape(text)) as caught:
        check(**changes)
    assert caught.value.code == code
    return caught.value


def test_sizes_come_from_the_arrays() -> None:
    assert check().sizes == {"nnodes": 3, "nedges": 2}


def test_arrays_are_not_copied() -> None:
    arguments = good()
    checked = check_arguments(NET, arguments)
    assert all(checked.buffers[name] is arguments[name] for name in arguments)


def test_feature_of_width_one_may_be_flat() -> None:
    assert check(u=np.zeros(3, np.float32)).sizes["nnodes"] == 3


def test_edge_list_may_be_flat() -> None:
    assert check(edgelist=np.array([0, 1, 1, 2], np.int32)).sizes["nedges"] == 2


def test_argument_that_is_not_used_may_be_given() -> None:
    assert "extra" in check(extra=np.zeros(2, np.float32)).buffers


def test_read_only_argument_is_taken() -> None:
    u = np.zeros((3, 1), np.float32)
    u.flags.writeable = False
    assert check(u=u).buffers["u"] is u


def test_unexpected_argument_is_named_with_the_nearest() -> None:
    error = refused("A0501", "unexpected argument 'parms' of 'net'", params=None, parms=np.zeros(4, np.float32))
    assert error.why == "it takes edgelist, params, extra, u, v, nnodes, nedges"
    assert error.help == "did you mean 'params'?"


def test_case_of_a_name_matters_but_helps() -> None:
    assert refused("A0501", "'PARAMS'", params=None, PARAMS=1).help == "did you mean 'params'?"


def test_unexpected_argument_like_no_other_gets_no_advice() -> None:
    assert refused("A0501", "'qqqqq'", qqqqq=1).help == ""


def test_control_characters_of_a_name_are_not_shown() -> None:
    refused("A0501", "unexpected argument 'a\\x1bb'", **{"a\x1bb": 1})


def test_missing_arguments_are_all_named() -> None:
    refused("A0502", "'net' is missing 'params'", params=None)
    refused("A0502", "'net' is missing 'edgelist', 'u'", edgelist=None, u=None)


@pytest.mark.parametrize(
    ("value", "found"),
    [([0.0, 1.0], "list"), (1.5, "float"), ("text", "str"), (np.float32(1), "a NumPy scalar float32")],
)
def test_what_is_no_array_is_refused(value: Any, found: str) -> None:
    refused("A0504", f"argument 'params': expected f32[4], got {found}", params=value)


def test_list_gets_advice() -> None:
    assert refused("A0504", "list", params=[1.0]).help == "convert it: numpy.asarray(x, dtype='float32')"


def test_masked_array_is_refused() -> None:
    refused("A0504", "got a masked array", params=np.ma.zeros(4, np.float32))


class Foreign:
    """An array of another library."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array = array


class WithDlpack(Foreign):
    def __dlpack__(self, **options: Any) -> Any:
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.array.__dlpack_device__()


class WithInterface(Foreign):
    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self.array.__array_interface__


class OnGpu(WithDlpack):
    def __dlpack_device__(self) -> Any:
        return (2, 0)

    def __dlpack__(self, **options: Any) -> Any:
        raise BufferError("the array is on a GPU")


class BadInterface:
    __array_interface__ = 3


class WithArray(Foreign):
    def __array__(self) -> Any:
        return self.array


@pytest.mark.parametrize("kind", [WithDlpack, WithInterface])
def test_arrays_of_other_libraries_are_shared(kind: type[Foreign]) -> None:
    u = np.arange(3, dtype=np.float32)
    assert np.shares_memory(check(u=kind(u)).buffers["u"], u)


def test_array_on_a_gpu_is_refused() -> None:
    refused("A0505", "argument 'u': expected f32[nnodes, 1], got OnGpu, which NumPy cannot read", u=OnGpu(np.zeros(3)))


def test_broken_array_interface_is_refused() -> None:
    refused("A0505", "got BadInterface, which NumPy cannot read", u=BadInterface())


def test_object_that_would_be_copied_is_refused() -> None:
    refused("A0504", "got WithArray", u=WithArray(np.zeros(3, np.float32)))


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.zeros((3, 1)), "f64[3, 1]"),
        (np.zeros((3, 1), np.int64), "i64[3, 1]"),
        (np.zeros((3, 1), bool), "bool[3, 1]"),
        (np.zeros((3, 1), np.complex64), "complex64[3, 1]"),
        (np.zeros((3, 1), object), "object[3, 1]"),
        (np.zeros((3, 1), np.dtype(np.float32).newbyteorder()), "f32 of the other byte order[3, 1]"),
    ],
)
def test_wrong_type_is_refused(array: Any, found: str) -> None:
    refused("A0506", f"argument 'u': expected f32[nnodes, 1], got {found}", u=array)


def test_edge_list_of_64_bits_is_refused() -> None:
    error = refused("A0506", "expected i32[nedges, 2], got i64[1, 2]", edgelist=np.zeros((1, 2), np.int64))
    assert error.help == "convert it: x.astype('int32')"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("params", (5,)),
        ("params", (4, 1)),
        ("u", (3, 2)),
        ("u", (3, 1, 1)),
        ("v", (9,)),
        ("v", ()),
        ("edgelist", (3,)),
        ("edgelist", (2, 3)),
    ],
)
def test_wrong_shape_is_refused(name: str, shape: tuple[int, ...]) -> None:
    dtype = np.int32 if name == "edgelist" else np.float32
    refused(
        "A0507", f"got {dtype_text(np.dtype(dtype))}[{', '.join(map(str, shape))}]", **{name: np.zeros(shape, dtype)}
    )


def test_strided_array_is_refused() -> None:
    strided = np.zeros((3, 6), np.float32)[:, ::2]
    error = refused("A0508", "expected f32[nnodes, 3], got f32[3, 3] with strides (24, 8)", v=strided)
    assert error.help == "arrays must be C-contiguous: numpy.ascontiguousarray(x)"


def test_column_major_array_is_refused() -> None:
    refused("A0508", "with strides (4, 12)", v=np.zeros((3, 3), np.float32, order="F"))


def test_unaligned_array_is_refused() -> None:
    unaligned = np.zeros(13, np.uint8)[1:].view(np.float32)
    refused("A0509", "got f32[3] at an unaligned address", u=unaligned)


@pytest.mark.parametrize("value", [3.0, "3", True, np.bool_(True)])
def test_size_that_is_no_integer_is_refused(value: Any) -> None:
    refused("A0510", f"size 'nnodes': expected an integer, got {type(value).__name__}", nnodes=value)


def test_size_may_be_a_numpy_integer() -> None:
    assert check(nnodes=np.int64(3)).sizes["nnodes"] == 3


def test_negative_size_is_refused() -> None:
    refused("A0511", "size 'nedges': expected 0 or more, got -1", nedges=-1)


def test_size_above_32_bits_is_refused() -> None:
    refused("A0512", "size 'nnodes' is 2147483648, more than 2147483647", nnodes=2**31)


def test_array_above_32_bits_is_refused() -> None:
    huge = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (2**31, 0))
    signature = Signature("f", ("n",), (Array("x", "float32", ("n", 0)),), ())
    with pytest.raises(CallError, match=r"A0512.*\n.*'x'"):
        check_arguments(signature, {"x": huge})


def test_sizes_that_disagree_name_both_arrays() -> None:
    refused("A0513", "argument 'v' has nnodes = 4, but 'u' has nnodes = 3", v=np.zeros((4, 3), np.float32))


def test_size_by_name_must_agree() -> None:
    refused("A0513", "argument 'u' has nnodes = 3, but nnodes= has nnodes = 7", nnodes=7)


EDGELESS = Signature("f", ("nedges",), (Array("extra", "float32", ("nedges",), used=False),), ())
UNKNOWN = Signature("f", ("n",), (), (Array("y", "float32", ("n",)),))


def test_size_that_nothing_needs_is_zero() -> None:
    assert check_arguments(EDGELESS, {}).sizes == {"nedges": 0}


def test_size_that_no_array_has_must_be_given() -> None:
    assert check_arguments(UNKNOWN, {"n": 4}).sizes == {"n": 4}
    with pytest.raises(CallError, match=r"A0514.*size 'n' is not known.*\n.*give it by name: n=\.\.\."):
        check_arguments(UNKNOWN, {})


@pytest.mark.parametrize(
    ("edges", "text"),
    [
        ([[0, 1], [1, 3]], "argument 'edgelist': edge 1 has right node 3, but there are 3 nodes"),
        ([[-1, 0], [1, 3]], "argument 'edgelist': edge 0 has left node -1, but there are 3 nodes"),
        ([[0, 0], [2**31 - 1, 0]], "edge 1 has left node 2147483647"),
    ],
)
def test_edge_to_no_node_is_named(edges: list[list[int]], text: str) -> None:
    assert refused("A0515", text, edgelist=np.array(edges, np.int32)).help == "nodes count from 0, so the last is 2"


def test_edge_without_any_node_is_refused() -> None:
    empty = {"u": np.zeros((0, 1), np.float32), "v": np.zeros((0, 3), np.float32)}
    assert refused("A0515", "there are 0 nodes", **empty).help == "there are no nodes to point at"


def test_no_edges_are_fine() -> None:
    assert check(edgelist=np.zeros((0, 2), np.int32)).sizes["nedges"] == 0


def test_overlap_of_results_is_refused() -> None:
    memory = np.zeros(8, np.float32)
    check_overlap({"a": memory[:4], "b": memory[4:]}, {})
    with pytest.raises(CallError, match=r"A0517.*result 'b' overlaps 'a'"):
        check_overlap({"a": memory[:5], "b": memory[4:]}, {})
    with pytest.raises(CallError, match=r"A0517.*result 'a' overlaps 'u'"):
        check_overlap({"a": memory[:5]}, {"u": memory})
