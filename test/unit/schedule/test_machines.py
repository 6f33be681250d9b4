import pytest

from anamc.schedule.machines import MACHINES, machine_named


@pytest.mark.parametrize(
    ("features", "triple", "name"),
    [
        ("+avx2,+avx512f,+fma", "x86_64-linux-gnu", "avx512"),
        ("+avx2,-avx512f,+fma", "x86_64-linux-gnu", "avx2"),
        ("+avx2,-fma", "x86_64-linux-gnu", "generic"),
        ("+neon", "aarch64-linux-gnu", "neon"),
        ("", "riscv64-linux-gnu", "generic"),
    ],
)
def test_machines_are_told_by_their_features(features: str, triple: str, name: str) -> None:
    assert machine_named(features, triple) == name
    assert name in MACHINES


def test_lanes_fill_a_vector() -> None:
    assert [MACHINES["avx512"].lanes(bits) for bits in (32, 64)] == [16, 8]
    assert MACHINES["generic"].lanes(256) == 1
