"""Parameters in HDF5 files."""

import contextlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from anamc.dialects import graph
from anamc.errors import AnamcWarning, FileError, ParamsError
from anamc.params.hdf5 import load_params, save_params
from anamc.params.initializers import init_params
from anamc.params.layout import Layout, layout

Chain = Callable[[int, list[int]], graph.NetworkOp]


@pytest.fixture
def small(chain: Chain) -> Layout:
    """1 -> 2 -> 1: seven parameters."""
    return layout(chain(1, [2, 1]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "params.h5"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_saved_is_loaded(small: Layout, path: Path, dtype: str) -> None:
    values = init_params(small, "normal", dtype=dtype)
    save_params(path, small, values)
    loaded = load_params(path, small)
    assert loaded.dtype == dtype
    assert np.array_equal(loaded, values)
    assert [p.name for p in path.parent.iterdir()] == ["params.h5"]


def test_load_gives_the_dtype_that_was_asked_for(small: Layout, path: Path) -> None:
    save_params(path, small, np.full(small.count, 0.1))
    assert np.array_equal(load_params(path, small, dtype="float32"), np.full(small.count, 0.1, np.float32))
    with pytest.raises(ParamsError, match="A0405"):
        load_params(path, small, dtype="int32")


def test_a_plain_file_of_another_program_is_read(small: Layout, path: Path) -> None:
    values = np.arange(7, dtype=">f8")
    with h5py.File(path, "w") as file:
        file["params"] = values
    loaded = load_params(path, small)
    assert loaded.dtype.isnative
    assert loaded.tolist() == values.tolist()


def test_layers_are_views_in_x_out_with_their_sizes(chain: Chain, path: Path) -> None:
    found = layout(chain(2, [3, 1]))
    save_params(path, found, np.arange(13, dtype=np.float32))
    file: Any
    with h5py.File(path) as file:
        assert set(file) == {"params", "layer_003_0", "layer_003_1"}
        assert file["layer_003_0/W"][...].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert file["layer_003_0/b"][...].tolist() == [6, 7, 8]
        assert file["layer_003_1/W"][...].tolist() == [[9], [10], [11]]
        assert file["layer_003_1"].attrs["sizes"].tolist() == [3, 1]
        assert file["layer_003_1"].attrs["offset"] == 9
        assert file["layer_003_0"].attrs["activation"] == "tanh"
        assert file["layer_003_0"].attrs["name"] == "fit"
        assert file.attrs["model_hash"] == found.model_hash


def test_the_same_parameters_give_the_same_bytes(small: Layout, tmp_path: Path) -> None:
    values = init_params(small)
    for name in ("a.h5", "b.h5"):
        save_params(tmp_path / name, small, values)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_user_text_is_never_a_group(read_network: Callable[[str], graph.NetworkOp], path: Path) -> None:
    evil = r"../../etc/passwd\0A\00<script>" + "x" * 70000
    text = f"""
    graph.network @n {{
      %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 1, -1>] edges [] : !graph.field<nodes, 1>
      %a = graph.encoder 3(%u) layers [#graph.layer<1, #graph.function<"tanh">>] scatter "none"
        {{input_pin = 1 : i64, output_pin = -3 : i64, block_name = "{evil}"}}
        : (!graph.field<nodes, 1>) -> !graph.field<nodes, 1>
    }}"""
    found = layout(read_network(text))
    save_params(path, found, np.zeros(2))
    file: Any
    with h5py.File(path) as file:
        names: list[str] = []
        file.visit(names.append)
        assert sorted(names) == ["layer_003_0", "layer_003_0/W", "layer_003_0/b", "params"]
        name = file["layer_003_0"].attrs["name"]
        assert name.startswith(r"../../etc/passwd\n\x00<script>xxx")
        assert len(name) == 200


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.zeros(305), r"A0411(.|\n)*the model has 7 parameters, got 305"),
        (np.zeros((7, 1)), r"A0410(.|\n)*expected rank 1, length 7, got rank 2, shape \(7, 1\)"),
        (np.float64(1), r"A0410(.|\n)*got rank 0"),
        (h5py.Empty("f8"), r"A0410(.|\n)*got no shape"),
        (np.zeros(7, np.int32), r"A0409(.|\n)*expected float32 or float64, got int32"),
        (np.zeros(7, np.float16), r"A0409(.|\n)*got float16"),
        (b"text", r"A0409(.|\n)*got object"),
    ],
)
def test_a_dataset_that_does_not_fit_is_refused(small: Layout, path: Path, data: object, message: str) -> None:
    with h5py.File(path, "w") as file:
        file["params"] = data
    with pytest.raises(ParamsError, match=message) as caught:
        load_params(path, small)
    assert str(path) in str(caught.value)


def test_a_missing_dataset_is_refused_with_what_is_there(small: Layout, path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["weights"] = np.zeros(7)
    with pytest.raises(ParamsError, match=r"A0407.*'params'(.|\n)*holds weights"):
        load_params(path, small)
    with h5py.File(path, "w") as file:
        file.create_group("params")
    with pytest.raises(ParamsError, match=r"A0407(.|\n)*'params' is a group"):
        load_params(path, small)


def test_links_and_storage_outside_the_file_are_not_followed(small: Layout, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.h5"
    save_params(other, small, np.zeros(7))
    (tmp_path / "raw").write_bytes(bytes(56))

    def external(file: h5py.File) -> None:
        file["params"] = h5py.ExternalLink(str(other), "/params")

    def soft(file: h5py.File) -> None:
        file["real"] = np.zeros(7)
        file["params"] = h5py.SoftLink("/real")

    def virtual(file: h5py.File) -> None:
        view = h5py.VirtualLayout(shape=(7,), dtype="f8")
        view[...] = h5py.VirtualSource(str(other), "/params", shape=(7,))
        file.create_virtual_dataset("params", view)

    def storage(file: h5py.File) -> None:
        file.create_dataset("params", (7,), "f8", external=[(str(tmp_path / "raw"), 0, 56)])

    for make in (external, soft, virtual, storage):
        with h5py.File(path, "w") as file:
            make(file)
        with pytest.raises(ParamsError, match="A0408"):
            load_params(path, small)


def test_parameters_of_another_model_are_refused_with_both_hashes(small: Layout, path: Path, chain: Chain) -> None:
    other = layout(chain(2, [1, 2]))
    assert other.count == small.count
    save_params(path, other, np.zeros(7))
    with pytest.raises(ParamsError, match=f"A0412(.|\n)*{small.model_hash}(.|\n)*{other.model_hash}"):
        load_params(path, small)
    with h5py.File(path, "r+") as file:
        file.attrs["model_hash"] = np.arange(3)
    with pytest.raises(ParamsError, match=r"A0412(.|\n)*\[0 1 2\]"):
        load_params(path, small)
    with h5py.File(path, "r+") as file:
        file.attrs["model_hash"] = np.bytes_(small.model_hash)
    assert load_params(path, small).tolist() == [0.0] * 7


def test_a_file_that_is_not_hdf5_is_refused(small: Layout, path: Path) -> None:
    path.write_text("params = 1")
    with pytest.raises(ParamsError, match="A0406"):
        load_params(path, small)
    path.write_bytes(b"")
    with pytest.raises(ParamsError, match="A0406"):
        load_params(path, small)


def test_a_damaged_file_is_refused_or_read_but_never_crashes(small: Layout, path: Path) -> None:
    values = init_params(small, dtype="float64")
    save_params(path, small, values)
    whole = path.read_bytes()
    for keep in range(0, len(whole), 97):
        path.write_bytes(whole[:keep])
        with pytest.raises(ParamsError, match="A0406"):
            load_params(path, small)
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(whole), 300):
        data = bytearray(whole)
        data[position] ^= 0xFF
        path.write_bytes(data)
        with warnings.catch_warnings(), contextlib.suppress(ParamsError):  # any other error fails the test
            warnings.simplefilter("ignore", AnamcWarning)
            load_params(path, small)


def test_numbers_that_are_not_finite_give_a_warning_with_their_count(small: Layout, path: Path) -> None:
    values = np.zeros(7)
    values[[1, 4]] = np.nan, np.inf
    with pytest.warns(AnamcWarning, match="2 of 7 parameters are not finite"):
        save_params(path, small, values)
    with pytest.warns(AnamcWarning, match=r"params\.h5: 2 of 7 parameters are not finite"):
        assert np.array_equal(load_params(path, small), values, equal_nan=True)


def test_overflow_on_the_way_to_float32_is_counted(small: Layout, path: Path) -> None:
    save_params(path, small, np.full(7, 1e300))
    with pytest.warns(AnamcWarning, match="7 of 7 parameters are not finite"):
        load_params(path, small, dtype="float32")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(6), r"A0411(.|\n)*the model has 7 parameters, got 6"),
        (np.zeros((1, 7)), r"A0410(.|\n)*got rank 2, shape \(1, 7\)"),
        (np.zeros(7, np.int64), r"A0409(.|\n)*got int64"),
        (["a"] * 7, r"A0409"),
    ],
)
def test_values_that_do_not_fit_are_not_saved(small: Layout, path: Path, values: object, message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        save_params(path, small, values)  # pyright: ignore[reportArgumentType]
    assert not path.exists()


def test_a_file_that_cannot_be_read_is_a_file_error(small: Layout, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"A0601(.|\n)*nowhere\.h5(.|\n)*No such file"):
        load_params(tmp_path / "nowhere.h5", small)
    with pytest.raises(FileError, match=r"A0601(.|\n)*Is a directory"):
        load_params(tmp_path, small)


def test_a_place_that_cannot_be_written_is_a_file_error(small: Layout, tmp_path: Path) -> None:
    values = np.zeros(7)
    with pytest.raises(FileError, match=r"A0602(.|\n)*No such file"):
        save_params(tmp_path / "no" / "folder.h5", small, values)
    with pytest.raises(FileError, match=r"A0602(.|\n)*not a regular file"):
        save_params(tmp_path, small, values)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    small: Layout, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_params(path, small, np.ones(7))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match=r"A0602(.|\n)*No space left"):
        save_params(path, small, np.zeros(7))
    monkeypatch.undo()
    assert load_params(path, small).tolist() == [1.0] * 7
    assert [p.name for p in path.parent.iterdir()] == ["params.h5"]


def test_writing_through_a_link_keeps_the_link(small: Layout, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.h5"
    save_params(target, small, np.zeros(7))
    path.symlink_to(target)
    save_params(path, small, np.ones(7))
    assert path.is_symlink()
    assert load_params(target, small).tolist() == [1.0] * 7
