"""The pass reference is up to date, and every pass has something to say."""

import importlib.util
from pathlib import Path
from types import ModuleType

from anamc.universe import UNIVERSE

ROOT = Path(__file__).resolve().parents[3]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pass_reference", ROOT / "tools" / "generate_pass_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date() -> None:
    assert tool().PAGE.read_text() == tool().page(), "run: python tools/generate_pass_reference.py"


def test_every_pass_has_a_docstring_of_its_own() -> None:
    for name, factory in UNIVERSE.all_passes.items():
        assert "(" not in (factory().__doc__ or "(").splitlines()[0][: len(factory().__name__) + 1], name
