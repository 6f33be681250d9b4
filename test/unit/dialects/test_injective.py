"""The proof of injectivity is sound: what it accepts, brute force accepts."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap, AffineSymExpr

from anamc.dialects.access import AccessAttr, TableReadAttr, identity, select
from anamc.dialects.injective import is_injective

RANGES = st.lists(st.integers(0, 4), min_size=1, max_size=3)


@st.composite
def linear(draw: st.DrawFn, dims: int) -> AffineExpr:
    """A linear index, or one of its quotients and remainders."""
    expr: AffineExpr = AffineConstantExpr(draw(st.integers(-3, 3)))
    for k in range(dims):
        expr = expr + AffineDimExpr(k) * draw(st.integers(-6, 6))
    kind = draw(st.sampled_from(["linear", "linear", "linear", "floordiv", "mod"]))
    by = draw(st.integers(1, 4))
    return {"linear": expr, "floordiv": expr // by, "mod": expr % by}[kind]


def meets(access: AccessAttr, ranges: list[int]) -> bool:
    """Brute force: do two points reach one element?"""
    points = list(product(*(range(n) for n in ranges)))
    return len({access.map.data.eval(list(p), []) for p in points}) < len(points)


@given(data=st.data(), ranges=RANGES)
def test_accepted_maps_never_meet_an_element_twice(data: st.DataObject, ranges: list[int]) -> None:
    count = data.draw(st.integers(1, 3))
    exprs = tuple(data.draw(linear(len(ranges))) for _ in range(count))
    access = AccessAttr(AffineMap(len(ranges), 0, exprs))
    if is_injective(access, list(ranges)):
        assert not meets(access, ranges)


def test_run_time_ranges() -> None:
    assert is_injective(identity(2), [None, None])
    assert not is_injective(select([0], 2), [None, None])
    assert is_injective(select([0], 2), [None, 1])
    assert is_injective(select([0], 2), [None, 0])


def index(*coefficients: int) -> AccessAttr:
    expr: AffineExpr = AffineConstantExpr(0)
    for k, c in enumerate(coefficients):
        expr = expr + AffineDimExpr(k) * c
    return AccessAttr(AffineMap(len(coefficients), 0, (expr,)))


def test_digits_of_a_mixed_radix() -> None:
    assert is_injective(index(12, 4, 1), [None, 3, 4])
    assert not is_injective(index(12, 4, 1), [None, 4, 4])
    assert not is_injective(index(1, 1), [2, 2])
    assert is_injective(index(-3, 1), [5, 3])


def test_an_iterator_that_an_index_tells_is_a_constant_in_the_next() -> None:
    diagonal = AccessAttr(AffineMap(2, 0, (AffineDimExpr(0), AffineDimExpr(0) * 7 + AffineDimExpr(1))))
    assert is_injective(diagonal, [None, None])


def test_a_table_proves_nothing() -> None:
    through = AccessAttr(AffineMap(1, 1, (AffineSymExpr(0),)), [TableReadAttr(0, AffineMap(1, 0, (AffineDimExpr(0),)))])
    assert not is_injective(through, [None])
