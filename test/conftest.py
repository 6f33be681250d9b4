"""What all unit and numeric tests share."""

import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples each time, and no time limit for one of them: machines of CI are noisy.
settings.register_profile("anamc", derandomize=True, deadline=None)
settings.load_profile("anamc")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.compiler("gcc", "clang-19")` skips, with a word, where one of them is missing; default `cc`."""
    for mark in item.iter_markers("compiler"):
        missing = [name for name in mark.args or ("cc",) if shutil.which(name) is None]
        if missing:
            pytest.skip(f"no {' and no '.join(missing)} on this machine")


@pytest.fixture(autouse=True, scope="session")
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ANAMC_CACHE_DIR", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
