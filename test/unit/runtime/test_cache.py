"""The cache on disk: private, verified, atomic, bounded, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from anamc.errors import AnamcWarning
from anamc.runtime import cache as module
from anamc.runtime.cache import Entry, ObjectCache, cache_key, default_directory, fingerprint

ENTRY = Entry(b"\x7fELF\n\x00code", {"symbols": ["a", "b"], "number": 1})
IS_ROOT = os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "cache"


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_what_is_stored_is_loaded(folder: Path) -> None:
    assert ObjectCache(folder).store("key", ENTRY)
    assert ObjectCache(folder).load("key") == ENTRY


def test_folder_and_files_are_private(folder: Path) -> None:
    ObjectCache(folder).store("key", ENTRY)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


def test_missing_key_is_a_miss(folder: Path) -> None:
    assert ObjectCache(folder).load("key") is None
    ObjectCache(folder).store("key", ENTRY)
    assert ObjectCache(folder).load("other") is None


def test_loading_makes_no_folder(folder: Path) -> None:
    ObjectCache(folder).load("key")
    assert not folder.exists()


def test_get_makes_an_entry_once(folder: Path) -> None:
    made: list[int] = []

    def make() -> Entry:
        made.append(1)
        return ENTRY

    assert ObjectCache(folder).get("key", make) == ENTRY
    assert ObjectCache(folder).get("key", make) == ENTRY
    assert len(made) == 1


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b\0c", "", "x" * 5000, "\ud800"])
def test_a_key_is_never_a_path(folder: Path, key: str) -> None:
    assert ObjectCache(folder).store(key, ENTRY)
    assert only_file(folder).parent == folder
    assert len(only_file(folder).name) == 64 + len(".anamc")


@pytest.mark.parametrize("position", [0, 20, 90, -1])
def test_changed_byte_is_a_miss_and_the_entry_goes(folder: Path, position: int) -> None:
    ObjectCache(folder).store("key", ENTRY)
    path = only_file(folder)
    raw = bytearray(path.read_bytes())
    raw[position] ^= 1
    path.write_bytes(raw)
    assert ObjectCache(folder).load("key") is None
    assert not path.exists()
    assert ObjectCache(folder).get("key", lambda: ENTRY) == ENTRY
    assert ObjectCache(folder).load("key") == ENTRY


@pytest.mark.parametrize("length", [0, 5, 79, 80, 100])
def test_cut_entry_is_a_miss(folder: Path, length: int) -> None:
    ObjectCache(folder).store("key", ENTRY)
    path = only_file(folder)
    path.write_bytes(path.read_bytes()[:length])
    assert ObjectCache(folder).load("key") is None


def test_entry_under_the_name_of_another_is_a_miss(folder: Path) -> None:
    cache = ObjectCache(folder)
    cache.store("key", ENTRY)
    os.replace(only_file(folder), cache._path("other") or "")
    assert cache.load("other") is None


@pytest.mark.parametrize("head", [b"no json", b"[1]", b'{"key": "key"}', b'{"key": "key", "meta": 3}'])
def test_well_signed_nonsense_is_a_miss(folder: Path, head: bytes) -> None:
    cache = ObjectCache(folder)
    cache.store("key", ENTRY)
    payload = head + b"\ncode"
    digest = module.hashlib.sha256(payload).hexdigest().encode()
    only_file(folder).write_bytes(module.MAGIC + digest + b"\n" + payload)
    assert cache.load("key") is None


def test_link_in_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    ObjectCache(folder).store("key", ENTRY)
    path = only_file(folder)
    outside = tmp_path / "outside"
    os.replace(path, outside)
    path.symlink_to(outside)
    assert ObjectCache(folder).load("key") is None


def test_folder_in_place_of_an_entry_is_a_miss(folder: Path) -> None:
    cache = ObjectCache(folder)
    cache.store("key", ENTRY)
    path = only_file(folder)
    path.unlink()
    path.mkdir()
    assert cache.load("key") is None
    with pytest.warns(AnamcWarning, match="A0902"):
        assert not cache.store("key", ENTRY)


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_folder_open_to_others_is_not_used(folder: Path, mode: int) -> None:
    ObjectCache(folder).store("key", ENTRY)
    folder.chmod(mode)
    cache = ObjectCache(folder)
    with pytest.warns(AnamcWarning, match=rf"A0901.*not private to you.*mode {mode:04o}"):
        assert cache.load("key") is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # said once
        assert not cache.store("other", ENTRY)
    assert len(list(folder.iterdir())) == 1


def test_folder_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ObjectCache(folder).store("key", ENTRY)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.warns(AnamcWarning, match=rf"A0901.*got owner {owner}"):
        assert ObjectCache(folder).load("key") is None


def test_file_of_another_user_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ObjectCache(folder)
    cache.store("key", ENTRY)
    monkeypatch.setattr(cache, "_usable", lambda create: True)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert cache.load("key") is None


def test_a_file_in_the_folders_place_breaks_no_call(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = ObjectCache(tmp_path / "file" / "cache")
    with pytest.warns(AnamcWarning, match="A0903"):
        assert cache.get("key", lambda: ENTRY) == ENTRY


@pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")
def test_folder_without_write_permission_breaks_no_call(folder: Path) -> None:
    ObjectCache(folder).store("key", ENTRY)
    folder.chmod(0o500)
    with pytest.warns(AnamcWarning, match="A0902"):
        assert ObjectCache(folder).get("other", lambda: ENTRY) == ENTRY


def test_full_disk_breaks_no_call_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.warns(AnamcWarning, match=r"A0902: cannot write the cache .*No space left on device"):
        assert ObjectCache(folder).get("key", lambda: ENTRY) == ENTRY
    assert list(folder.iterdir()) == []


def test_no_home_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    cache = ObjectCache()
    assert cache.directory is None
    assert cache.get("key", lambda: ENTRY) == ENTRY
    assert cache._path("key") is None


def test_folder_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANAMC_CACHE_DIR", str(tmp_path / "own"))
    assert default_directory() == tmp_path / "own"
    monkeypatch.delenv("ANAMC_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_directory() == tmp_path / "xdg" / "anamc"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_directory() == tmp_path / ".cache" / "anamc"


def test_what_was_not_used_for_longest_goes_first(folder: Path) -> None:
    cache = ObjectCache(folder, limit_bytes=4000)
    big = Entry(b"x" * 1000)
    now = time.time()
    for i, key in enumerate("abc"):
        cache.store(key, big)
        os.utime(cache._path(key) or "", (now - 100 + i, now - 100 + i))
    assert cache.load("a") == big  # used now
    cache.store("d", big)
    assert [key for key in "abcd" if cache.load(key)] == ["a", "d"]


def test_entry_above_the_bound_stays_alone(folder: Path) -> None:
    cache = ObjectCache(folder, limit_bytes=10)
    cache.store("a", ENTRY)
    cache.store("b", ENTRY)
    assert [key for key in "ab" if cache.load(key)] == ["b"]


def test_failing_eviction_breaks_no_call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", fail)
    assert ObjectCache(folder).store("key", ENTRY)


def test_temporary_files_of_dead_processes_go(folder: Path) -> None:
    cache = ObjectCache(folder)
    cache.store("a", ENTRY)
    old, new = folder / ".x.1.2.tmp", folder / ".y.1.2.tmp"
    for path, age in ((old, 7200), (new, 1)):
        path.write_bytes(b"")
        os.utime(path, (time.time() - age, time.time() - age))
    cache.store("b", ENTRY)
    assert not old.exists()
    assert new.exists()


WRITER = """
import sys
from anamc.runtime.cache import Entry, ObjectCache
cache = ObjectCache(sys.argv[1], limit_bytes=400_000)
seen = 0
for i in range(150):
    key = str(i % 5)
    entry = cache.load(key)
    if entry is not None:
        assert entry.code == (key * 20_000).encode(), "half an entry"
        seen += 1
    cache.store(key, Entry((key * 20_000).encode(), {"by": i}))
assert seen
"""


def test_processes_that_write_the_same_entries_see_whole_ones(folder: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", WRITER, str(folder)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert not list(folder.glob(".*.tmp"))


def test_key_depends_on_every_part_and_on_where_parts_end() -> None:
    keys = {cache_key("a", "b"), cache_key("ab"), cache_key("ab", ""), cache_key("a", "c"), cache_key()}
    assert len(keys) == 5
    assert cache_key("a", "b") == cache_key("a", "b")


def test_key_depends_on_the_source_of_anamc(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache_key("a")
    assert len(fingerprint()) == 64
    monkeypatch.setattr(module, "fingerprint", lambda: "another version")
    assert cache_key("a") != before
