"""
Object code on disk, keyed by content, private to the user.

An entry is one file: a magic line, the SHA-256 of the rest, a JSON line, object code. Nothing of it
is used before the digest agrees; nothing is ever unpickled. The digest guards against damage, the
folder's mode (0700, own files only) against other users.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from anamc.errors import AnamcWarning, shown

MAGIC = b"anamc-object 1\n"
DIGEST_LENGTH = 64
SUFFIX = ".anamc"
LIMIT_BYTES = 256 * 2**20
"""Default bound on all entries together."""
STALE_SECONDS = 3600.0
"""Age from which a temporary file is one of a process that died."""
KEPT = 0.75
"""Part of the bound that eviction leaves."""


@dataclass(frozen=True)
class Entry:
    """Object code, and what is known about it: plain JSON values."""

    code: bytes
    meta: dict[str, Any] = field(default_factory=dict[str, Any])


@cache
def fingerprint() -> str:
    """Changes with every change of anamc's own source files, so that a new version never loads old code."""
    root = Path(__file__).resolve().parents[1]
    found = (f"{p.relative_to(root)} {(s := p.stat()).st_size} {s.st_mtime_ns}" for p in sorted(root.rglob("*.py")))
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def cache_key(*parts: str) -> str:
    """A key that differs where any part differs; anamc's fingerprint is one of them."""
    digest = hashlib.sha256()
    for part in (fingerprint(), *parts):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "little") + raw)
    return digest.hexdigest()


def default_directory() -> Path | None:
    """`$ANAMC_CACHE_DIR`, `$XDG_CACHE_HOME/anamc`, or `~/.cache/anamc`; `None` where there is no home."""
    if own := os.environ.get("ANAMC_CACHE_DIR"):
        return Path(own)
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg) / "anamc"
    try:
        return Path.home() / ".cache" / "anamc"
    except RuntimeError:
        return None


def _pack(key: str, entry: Entry) -> bytes:
    head = json.dumps({"key": key, "meta": entry.meta}, sort_keys=True).encode()
    payload = head + b"\n" + entry.code
    return MAGIC + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def _unpack(key: str, raw: bytes) -> Entry | None:
    """The entry, `None` where a byte is wrong or the key is another."""
    start = len(MAGIC) + DIGEST_LENGTH + 1
    if not raw.startswith(MAGIC) or len(raw) < start:
        return None
    digest, payload = raw[len(MAGIC) : start - 1], raw[start:]
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        return None
    head, _, code = payload.partition(b"\n")
    match json.loads(head):
        case {"key": found, "meta": dict(meta)} if found == key:
            return Entry(code, meta)  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return None


def _read_own_file(path: Path) -> bytes | None:
    """The bytes of a regular file of this user; `None` where there is none."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            return None
        return file.read()


class ObjectCache:
    """
    Entries under arbitrary keys in one folder. Never raises: a cache that cannot be used is none.

    Safe for concurrent processes: an entry appears whole or not at all.
    """

    def __init__(self, directory: Path | str | None = None, limit_bytes: int = LIMIT_BYTES) -> None:
        self.directory = Path(directory) if directory is not None else default_directory()
        self.limit_bytes = limit_bytes
        self._warned = False

    def load(self, key: str) -> Entry | None:
        """The entry of `key`; `None` where there is none, and where it is damaged, which removes it."""
        if not self._usable(create=False) or (path := self._path(key)) is None:
            return None
        try:
            if (raw := _read_own_file(path)) is None:
                return None
            if (entry := _unpack(key, raw)) is None:
                path.unlink(missing_ok=True)
                return None
            os.utime(path)
        except (OSError, ValueError):
            return None
        return entry

    def store(self, key: str, entry: Entry) -> bool:
        """Write the entry of `key`, whole or not at all; whether that worked."""
        if not self._usable(create=True) or (path := self._path(key)) is None:
            return False
        temporary = path.with_name(f".{path.stem}.{os.getpid()}.{secrets.token_hex(8)}.tmp")
        try:
            self._write(temporary, _pack(key, entry))
            os.replace(temporary, path)
        except OSError as e:
            _quietly(temporary.unlink)
            self._warn("A0902", f"cannot write the cache '{shown(self.directory)}': {shown(e.strerror)}")
            return False
        self._evict(keep=path)
        return True

    def get(self, key: str, make: Callable[[], Entry]) -> Entry:
        """The entry of `key`, made and stored where there is none."""
        if (entry := self.load(key)) is not None:
            return entry
        entry = make()
        self.store(key, entry)
        return entry

    def _path(self, key: str) -> Path | None:
        if self.directory is None:
            return None
        return self.directory / (hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest() + SUFFIX)

    def _write(self, path: Path, raw: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as file:
            file.write(raw)

    def _usable(self, create: bool) -> bool:
        """Whether the folder exists, or can be made, and is this user's alone."""
        if self.directory is None:
            return False
        try:
            if create:
                self.directory.parent.mkdir(parents=True, exist_ok=True)
                self.directory.mkdir(mode=0o700, exist_ok=True)
            status = self.directory.stat()
        except FileNotFoundError:
            return False
        except OSError as e:
            self._warn("A0903", f"cannot use the cache '{shown(self.directory)}': {shown(e.strerror)}")
            return False
        if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077 == 0:
            return True
        self._warn(
            "A0901",
            f"the cache '{shown(self.directory)}' is not private to you, so it is not used: expected your own folder "
            f"of mode 0700, got owner {status.st_uid} and mode {stat.S_IMODE(status.st_mode):04o}",
        )
        return False

    def _warn(self, code: str, what: str) -> None:
        """Once a cache: every call would say the same."""
        if not self._warned:
            self._warned = True
            warnings.warn(f"{code}: {what}", AnamcWarning, stacklevel=4)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Time of last use, size and path of each entry. Removes what dead processes left."""
        now = time.time()
        for item in os.scandir(self.directory):
            status = item.stat(follow_symlinks=False)
            if item.name.endswith(SUFFIX):
                yield status.st_mtime, status.st_size, Path(item.path)
            elif item.name.endswith(".tmp") and now - status.st_mtime > STALE_SECONDS:
                os.unlink(item.path)

    def _evict(self, keep: Path) -> None:
        """Remove what was not used for longest until the bound holds; the newest entry stays."""
        try:
            entries = sorted(self._entries())
            total = sum(size for _, size, _ in entries)
            if total <= self.limit_bytes:
                return
            for _, size, path in entries:
                if path != keep and total > KEPT * self.limit_bytes:
                    path.unlink(missing_ok=True)
                    total -= size
        except OSError:
            return


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except OSError:
        return
