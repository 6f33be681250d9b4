"""Machines that users describe: a JSON file with the fields of a `Machine`."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from anamc.errors import Place, ScheduleError, shown
from anamc.schedule.machines import MACHINES, Machine

FIELDS = tuple(f.name for f in fields(Machine))
MOST_BITS = 2048
"""The longest vectors of a processor (Arm's scalable vectors); and more registers than any has."""
MOST_REGISTERS = 256


def machine_of(text: str) -> Machine:
    """
    The machine of a name, or of a file `*.json`.

        {"vector_bits": 256, "registers": 16, "stash": 65536, "clock": 2.4, "fmas": 2, "bandwidth": 12}

    Every field of `Machine` is required. Error A0812 for an unknown name, or a file that does not say all of it.
    """
    if text in MACHINES:
        return MACHINES[text]
    if not text.endswith(".json"):
        known = f"{', '.join(MACHINES)}, or a file *.json that describes one"
        raise ScheduleError("A0812", f"no machine is named '{shown(text)}'", help=known)
    path = Path(text)
    try:
        data = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=lambda pairs: once(pairs, text))
    except (OSError, ValueError) as wrong:
        raise ScheduleError(
            "A0812", "a machine description cannot be read", place=Place(text), why=shown(wrong)
        ) from None
    return described(data, text)


def described(data: Any, file: str) -> Machine:
    """The machine of a JSON object."""
    if not isinstance(data, dict):
        raise refused(file, "it is no JSON object")
    if missing := [name for name in FIELDS if name not in data]:
        raise refused(file, f"it has no {' and no '.join(map(repr, missing))}")
    if unknown := [name for name in data if name not in FIELDS]:
        raise refused(file, f"there is no field '{shown(unknown[0])}'")
    for name in FIELDS:
        value = data[name]
        whole = name in ("vector_bits", "registers", "stash")
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not 0 < value < 1e12:
            kind = "whole number" if whole else "number"
            raise refused(file, f"'{name}' must be a positive {kind}, got {shown(json.dumps(value))}")
    bits = data["vector_bits"]
    if not 64 <= bits <= MOST_BITS or bits & (bits - 1):
        raise refused(file, f"'vector_bits' must be a power of 2 from 64 to {MOST_BITS}, got {bits}")
    if not 8 <= data["registers"] <= MOST_REGISTERS:
        raise refused(file, f"'registers' must be from 8 to {MOST_REGISTERS}, got {data['registers']}")
    return Machine(**data)


def once(pairs: list[tuple[str, Any]], file: str) -> dict[str, Any]:
    """The fields of an object, each of which stands there once."""
    names = [name for name, _ in pairs]
    if repeated := [name for name in names if names.count(name) > 1]:
        raise refused(file, f"'{shown(repeated[0])}' stands there twice")
    return dict(pairs)


def refused(file: str, why: str) -> ScheduleError:
    """Error A0812 for a file."""
    wanted = f"it needs the fields {', '.join(FIELDS)}"
    return ScheduleError("A0812", "a machine is not described as it should be", place=Place(file), why=why, help=wanted)
