"""Index notation (`.ix`): tensors and kernels written as indexed sums (docs/index-notation.md)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import VerifyException

from anamc.errors import FrontendError, Place

if TYPE_CHECKING:
    from anamc.frontends.index_notation.source import Source
    from anamc.frontends.index_notation.syntax import Statement

__all__ = ["build_module", "parse_index_program"]

DEFAULT_NAME = "program"
"""Name of the function of a program without a file."""


def parse_index_program(text: str | bytes, file: str = "<string>", name: str | None = None) -> ModuleOp:
    """
    The module of an index program: public functions on tensors of f64, a `nest.map` a kernel.

    One function for its outputs, and `<name>_<target>` for each target.

    `file` is the text's name in locations and errors, and its stem that of the function unless
    `name` is given. Raises FrontendError A10xx.
    """
    from anamc.frontends.index_notation.reader import read

    source, statements = read(text, file)
    return build_module(source, statements, name or default_name(file))


def build_module(source: Source, statements: Sequence[Statement], name: str) -> ModuleOp:
    """The module of a program's statements, wherever they come from. Raises FrontendError A1010 to A1099."""
    from anamc.frontends.index_notation.check import Checker
    from anamc.frontends.index_notation.emission import emit_module
    from anamc.frontends.index_notation.shapes import Inference

    program = Checker(source).program(statements)
    inference = Inference(program)
    solved = inference.run()
    module = emit_module(program, inference, solved, name)
    try:
        module.verify()
    except VerifyException as error:
        raise FrontendError(
            "A1099", "the program has no valid module", place=Place(source.file), why=str(error)
        ) from None
    return module


def default_name(file: str) -> str:
    """The file's stem; `program` for text without a file."""
    return DEFAULT_NAME if file.startswith("<") else PurePath(file).stem or DEFAULT_NAME
