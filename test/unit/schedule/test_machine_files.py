"""Machines that users describe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anamc.errors import Error
from anamc.schedule.machine_files import machine_of
from anamc.schedule.machines import MACHINES, Machine

WHOLE = {"vector_bits": 256, "registers": 16, "stash": 65536, "clock": 2.5, "fmas": 2, "bandwidth": 12}


def written(folder: Path, text: str) -> str:
    path = folder / "machine.json"
    path.write_text(text)
    return str(path)


def test_a_name_is_a_machine() -> None:
    assert machine_of("avx2") is MACHINES["avx2"]


def test_a_file_is_a_machine(tmp_path: Path) -> None:
    found = machine_of(written(tmp_path, json.dumps(WHOLE)))
    assert found == Machine(256, 16, 65536, 2.5, 2, 12)
    assert found.flops(32) == 2 * 8 * 2 * 2.5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"clock": None, "fmas": None}, "it has no 'clock' and no 'fmas'"),
        ({"cores": 2}, "there is no field 'cores'"),
        ({"registers": 16.5}, "'registers' must be a positive whole number, got 16.5"),
        ({"bandwidth": 0}, "'bandwidth' must be a positive number, got 0"),
        ({"clock": True}, "'clock' must be a positive number, got true"),
        ({"clock": "3"}, "'clock' must be a positive number, got \"3\""),
        ({"vector_bits": 192}, "'vector_bits' must be a power of 2 from 64 to 2048, got 192"),
        ({"vector_bits": 2**30}, "'vector_bits' must be a power of 2 from 64 to 2048, got 1073741824"),
        ({"registers": 4}, "'registers' must be from 8 to 256, got 4"),
        ({"registers": 10**6}, "'registers' must be from 8 to 256, got 1000000"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    fields = {name: value for name, value in (WHOLE | change).items() if value is not None}
    with pytest.raises(Error) as caught:
        machine_of(written(tmp_path, json.dumps(fields)))
    assert caught.value.code == "A0812"
    assert reason in caught.value.why
    assert "machine.json" in str(caught.value.place)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1]", "it is no JSON object"),
        ("{", "Expecting property name"),
        ('{"registers": 16, "registers": 32}', "'registers' stands there twice"),
    ],
)
def test_what_is_no_object_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Error, match=reason):
        machine_of(written(tmp_path, text))


def test_an_unknown_name_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Error, match="no machine is named 'abacus'"):
        machine_of("abacus")
    with pytest.raises(Error, match="cannot be read"):
        machine_of(str(tmp_path / "none.json"))
