"""The list of raise statements that no test reached."""

import pytest

pytest.importorskip("coverage", reason="coverage is in the extra 'dev'")

from tools.unreached_raises import explained, report, sites

SOURCE = """
def f(x):
    if x:
        raise ValueError("no")

class C:
    def g(self):
        def h():
            raise KeyError(
                1)
        raise
"""


def test_sites_are_found_with_their_function() -> None:
    found = sites("a.py", SOURCE)
    assert [(s.line, s.function, s.text) for s in found] == [
        (4, "f", "raise ValueError('no')"),
        (9, "C.g.h", "raise KeyError(1)"),
        (11, "C.g", "raise"),
    ]


def test_what_no_test_reached_and_nobody_explains_is_listed() -> None:
    found = sites("a.py", SOURCE)
    assert len(report(found, {}, {})) == 3
    assert report(found, {"a.py": {4, 11}}, {}) == ["a.py:9: C.g.h: raise KeyError(1)"]
    assert report(found, {"a.py": {4, 11}}, {"a.py::C.g.h": "a guard"}) == []


def test_an_explanation_without_a_raise_or_a_reason_is_listed() -> None:
    found = sites("a.py", SOURCE)
    (line,) = report(found, {"a.py": {4, 9, 11}}, {"a.py::f": "gone"})
    assert line.endswith("nothing is left to explain for a.py::f")
    assert len(report(found, {"a.py": {9, 11}}, {"a.py::f": ""})) == 1


def test_the_table_is_read_without_comments() -> None:
    assert explained("# a comment\n\na.py::f: why: because\n") == {"a.py::f": "why: because"}
