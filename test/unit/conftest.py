"""What unit tests of dialects and passes share: modules from text, passes by name, functions run in the interpreter."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.arg_spec import parse_pipeline

from anamc.interpreters import call
from anamc.pipelines import context_of_all
from anamc.universe import UNIVERSE

Parse = Callable[[str], ModuleOp]
Apply = Callable[[ModuleOp, str], ModuleOp]
Evaluate = Callable[..., list[np.ndarray[Any, Any]]]


@pytest.fixture
def calls() -> Callable[[Callable[[], object]], int]:
    """How many calls of functions some work takes: tells how it grows without a clock."""

    def count(work: Callable[[], object]) -> int:
        found = 0

        def event(frame: object, kind: str, argument: object) -> None:
            nonlocal found
            found += kind in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(event)
        try:
            work()
        finally:
            sys.setprofile(before)
        return found

    return count


@pytest.fixture
def parse() -> Parse:
    """A verified module from text."""

    def run(text: str) -> ModuleOp:
        module = Parser(context_of_all(), text).parse_module()
        module.verify()
        return module

    return run


@pytest.fixture
def apply() -> Apply:
    """A copy of a module behind passes, `"a,b{option=1}"`; verified, and the same when read again from its text."""

    def run(module: ModuleOp, passes: str) -> ModuleOp:
        found, context = module.clone(), context_of_all()
        for spec in parse_pipeline(passes):
            UNIVERSE.all_passes[spec.name]().from_spec(spec).apply(context, found)
        found.verify()
        again = Parser(context_of_all(), str(found)).parse_module()
        again.verify()
        assert str(again) == str(found)
        return again

    return run


@pytest.fixture
def evaluate() -> Evaluate:
    """The results of function `f` of a module, in the interpreter."""

    def run(module: ModuleOp, *arguments: Any, function: str = "f") -> list[np.ndarray[Any, Any]]:
        with np.errstate(all="ignore"):
            return [np.asarray(v) for v in call(module, function, arguments)]

    return run
