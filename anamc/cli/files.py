"""Files that commands read and write: whole or not at all."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from anamc.errors import FileError, Place, shown

SAFE_NAME = re.compile(r"\w[\w.-]*", re.ASCII)

UNREADABLE = (
    *(AttributeError, TypeError, ValueError, KeyError, EOFError, OSError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy and zipfile raise of a file that is no NPZ file, or a damaged or encrypted one."""


def read_bytes(path: str) -> bytes:
    """The contents of a file. FileError A0601 where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise FileError("A0601", "cannot read the file", place=Place(path), why=_reason(error)) from None


def write_file(path: str | os.PathLike[str], data: bytes) -> Path:
    """Writes one file, whole or not at all; FileError A0602 where it cannot be."""
    target = Path(path)
    return _write_all({target: data}, "A0602", "cannot write the file", target)[0]


def write_folder(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> list[Path]:
    """
    Writes files below a folder, which is made where it is missing: all of them, or none.

    Keys are relative paths with `/`. FileError A0603 where one cannot be written; then folders and
    files made so far are removed, and files that were there before are as before or whole.
    """
    root = Path(folder)
    targets = {root.joinpath(*PurePosixPath(name).parts): data for name, data in files.items()}
    return _write_all(targets, "A0603", "cannot write the folder", root)


def _write_all(targets: Mapping[Path, bytes], code: str, what: str, shown_as: Path) -> list[Path]:
    work = _Writing(folders=code == "A0603")
    try:
        for target, data in targets.items():
            work.prepare(target, data)
        work.publish()
    except (OSError, ValueError) as error:
        work.undo()
        raise FileError(code, what, place=Place(str(shown_as)), why=_reason(error)) from None
    except BaseException:
        work.undo()
        raise
    return list(targets)


class _Writing:
    """Temporary files beside their targets, which take their places when all of them are whole."""

    def __init__(self, folders: bool) -> None:
        self.folders = folders
        self.made: list[Path] = []
        self.waiting: list[tuple[Path, Path]] = []
        self.fresh: list[Path] = []

    def prepare(self, target: Path, data: bytes) -> None:
        if self.folders:
            self._make(target.parent)
        if os.path.lexists(target) and not target.is_file():
            raise OSError(None, f"'{shown(target)}' is no regular file")
        temporary = target.with_name(f".anamc-{os.getpid()}-{os.urandom(4).hex()}.tmp")
        self.waiting.append((temporary, target))
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)

    def publish(self) -> None:
        for temporary, target in self.waiting:
            fresh = not os.path.lexists(target)
            os.replace(temporary, target)
            if fresh:
                self.fresh.append(target)

    def undo(self) -> None:
        for path in (*self.fresh, *(temporary for temporary, _ in self.waiting)):
            _quietly(path.unlink)
        for folder in reversed(self.made):
            _quietly(folder.rmdir)

    def _make(self, folder: Path) -> None:
        missing: list[Path] = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir()
            self.made.append(path)


def _quietly(action: Any) -> None:
    try:
        action()
    except OSError:
        return


def _reason(error: OSError | ValueError) -> str:
    text = error.strerror if isinstance(error, OSError) else str(error)
    culprit = f"'{shown(error.filename)}': " if isinstance(error, OSError) and error.filename else ""
    return culprit + shown(text or type(error).__name__)


def read_npz(path: str) -> dict[str, Any]:
    """
    The arrays of an NPZ file by name; nothing in it is unpickled.

    FileError A0601 where it cannot be read, A0604 where it is no such file.
    """
    import numpy as np

    raw = io.BytesIO(read_bytes(path))
    try:
        with np.load(raw, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except UNREADABLE as error:
        raise FileError(
            "A0604",
            "the file is no NPZ file, or it is damaged",
            place=Place(path),
            why=shown(error),
            help="write it with numpy.savez(path, name=array, ...); arrays of objects are not read",
        ) from None


def npz_bytes(arrays: Mapping[str, Any]) -> bytes:
    """
    An NPZ file of arrays, the same bytes each time.

    A name that is more than letters, digits, `_`, `.` and `-` is mangled as in emitted code, for it
    becomes a file name when the archive is unpacked.
    """
    import numpy as np

    from anamc.backends.names import Names

    names, buffer = Names(()), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            safe = names.take(name) if SAFE_NAME.fullmatch(name) and names.free(name) else names.unique(name)
            with archive.open(zipfile.ZipInfo(f"{safe}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()
