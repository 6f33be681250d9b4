"""Files are whole or not there."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from anamc.cli import files
from anamc.cli.files import npz_bytes, read_bytes, read_npz, write_file, write_folder
from anamc.errors import FileError


def below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_a_folder_is_made_with_its_files(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "a" / "b", {"src/x.c": b"x", "include/x.h": b"h"})
    assert [p.read_bytes() for p in written] == [b"x", b"h"]
    assert below(tmp_path / "a") == ["b", "b/include", "b/include/x.h", "b/src", "b/src/x.c"]


def test_files_are_replaced(tmp_path: Path) -> None:
    write_folder(tmp_path, {"x": b"old", "y": b"kept"})
    write_folder(tmp_path, {"x": b"new"})
    assert (tmp_path / "x").read_bytes() == b"new"
    assert (tmp_path / "y").read_bytes() == b"kept"


def test_nothing_is_left_where_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "in the way").mkdir()
    with pytest.raises(FileError, match=r"(?s)^error\[A0603\]: cannot write the folder.*'.*in the way' is no regular"):
        write_folder(tmp_path, {"new/x": b"x", "y": b"y", "in the way": b""})
    assert below(tmp_path) == ["in the way"]


def test_old_files_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    with pytest.raises(FileError, match="A0603"):
        write_folder(tmp_path, {"x": b"new", "z": b""})
    assert (tmp_path / "x").read_bytes() == b"old"


def test_nothing_new_is_left_where_the_last_step_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.replace, list[object]()

    def replace(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(FileError, match="No space left on device"):
        write_folder(tmp_path / "new", {"x": b"x", "y": b"y"})
    assert below(tmp_path) == []


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "x", b"x")
    assert below(tmp_path) == []


@pytest.mark.parametrize("folder", ["file/below", "/proc/anamc", "nul\0l"])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="A0603"):
        write_folder(tmp_path / folder, {"x": b""})
    assert below(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match=r"(?s)A0603.*Permission denied"):
        write_folder(tmp_path, {"x": b""})


def test_one_file_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"(?s)^error\[A0602\]: cannot write the file.*No such file"):
        write_file(tmp_path / "no" / "x", b"")
    assert below(tmp_path) == []


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"(?s)A0601.*Is a directory"):
        read_bytes(str(tmp_path))


def test_arrays_come_back(tmp_path: Path) -> None:
    arrays = {"u": np.arange(6.0).reshape(3, 2), "file": np.array(1.5), "edge.list-1": np.zeros((0, 2), "int32")}
    path = write_file(tmp_path / "x.npz", npz_bytes(arrays))
    found = read_npz(str(path))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_the_same_arrays_give_the_same_bytes() -> None:
    arrays = {"u": np.arange(3.0)}
    assert npz_bytes(arrays) == npz_bytes(arrays)


def test_names_of_results_are_no_paths() -> None:
    raw = npz_bytes(
        {"../../x": np.zeros(1), "/etc/x": np.zeros(1), "a\nb": np.zeros(1), "ok": np.zeros(1), ".h": np.zeros(1)}
    )
    names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert names == ["n______x.npy", "n_etc_x.npy", "a_b.npy", "ok.npy", "n_h.npy"]


def test_names_that_differ_in_case_only_keep_apart() -> None:
    raw = npz_bytes({"u": np.zeros(1), "U": np.zeros(1)})
    assert zipfile.ZipFile(io.BytesIO(raw)).namelist() == ["u.npy", "U_2.npy"]


def archive(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr(name, data)
    return buffer.getvalue()


def objects() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, u=np.array([print], dtype=object))
    return buffer.getvalue()


def single() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "raw",
    [b"", b"nonsense", b"PK\x03\x04 cut off", single(), objects(), archive("u.npy", b"\x93NUMPY\x01\x00")],
    ids=["empty", "text", "cut off", "one array", "objects", "damaged member"],
)
def test_what_is_no_npz_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(raw)
    with pytest.raises(FileError, match=r"^error\[A0604\]: the file is no NPZ file, or it is damaged"):
        read_npz(str(tmp_path / "x.npz"))
