from anamc.schedule.machines import MACHINES


def test_lanes_fill_a_vector() -> None:
    assert [MACHINES["avx512"].lanes(bits) for bits in (32, 64)] == [16, 8]
    assert MACHINES["generic"].lanes(256) == 1
