"""Fixtures of the numeric tests."""

import shutil

import pytest

COMPILERS = ("gcc", "clang-14", "clang-19")


@pytest.fixture(scope="session")
def compilers() -> set[str]:
    """The C compilers of this machine, of those that tests use; a test that wants one more than others skips itself."""
    found = {name for name in COMPILERS if shutil.which(name)}
    if not found:
        pytest.skip(f"none of {', '.join(COMPILERS)} on this machine")
    return found
