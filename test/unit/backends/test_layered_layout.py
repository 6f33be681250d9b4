"""Places of boxes: in layers, apart, and links around what is between."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamc.backends import layered_layout
from anamc.backends.layered_layout import GAP_X, Box, layered


def right(box: Box) -> float:
    return box.x + box.width / 2


def left(box: Box) -> float:
    return box.x - box.width / 2


links = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.tuples(st.floats(1, 100), st.floats(1, 50)), min_size=n, max_size=n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda link: link[0] < link[1]), max_size=20
        ),
    )
)


@given(links)
def test_boxes_do_not_overlap_and_links_go_right(
    graph: tuple[list[tuple[float, float]], list[tuple[int, int]]],
) -> None:
    sizes, pairs = graph
    place = layered(sizes, pairs)
    assert [(b.width, b.height) for b in place.boxes] == sizes
    for a, b in pairs:
        assert right(place.boxes[a]) + GAP_X <= left(place.boxes[b]) + 1e-6  # sums of floats
    for k, one in enumerate(place.boxes):
        assert left(one) >= -1e-6
        assert right(one) <= place.width + 1e-6
        for other in place.boxes[:k]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2 - 1e-6
            assert apart or abs(one.y - other.y) >= (one.height + other.height) / 2
    for points, (a, b) in zip(place.links, pairs, strict=True):
        assert points[0] == (right(place.boxes[a]), place.boxes[a].y)
        assert points[-1] == (left(place.boxes[b]), place.boxes[b].y)
        assert all(p[0] <= q[0] for p, q in pairwise(points))


def test_a_long_link_goes_around_the_boxes_between() -> None:
    place = layered([(50.0, 20.0)] * 3, [(0, 1), (1, 2), (0, 2)])
    between = place.boxes[1]
    (x1, y1), (x2, y2) = place.links[2][1:-1]
    assert (x1, x2) == (left(between), right(between))
    assert y1 == y2  # level above or below the whole box
    assert abs(y1 - between.y) > between.height / 2


def test_links_that_cross_are_untangled() -> None:
    place = layered([(10.0, 10.0)] * 4, [(0, 3), (1, 2)])
    a, b, c, d = (box.y for box in place.boxes)
    assert (a < b) == (d < c)


def test_with_too_many_bends_links_go_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layered_layout, "MAX_BENDS", 1)
    place = layered([(10.0, 10.0)] * 4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert [len(points) for points in place.links] == [2, 2, 2, 2]


def test_nothing_has_no_size() -> None:
    place = layered([], [])
    assert (place.width, place.height) == (0.0, 0.0)
