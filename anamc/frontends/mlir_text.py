"""MLIR text to a module; text of users that is not ASCII comes back as it was."""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import DiagnosticException, ParseError

from anamc.dialects.graph.attributes import decoded
from anamc.errors import FrontendError, Place


def parse_mlir(text: str | bytes, file: str, context: Context) -> ModuleOp:
    """
    A verified module from MLIR text.

    Raises FrontendError where the text is no UTF-8 (A0102), cannot be parsed (A0125), or is not valid (A0126).
    """
    try:
        source = text.decode() if isinstance(text, bytes) else text
        module = Parser(context, source, file).parse_module()
        module.verify()
    except UnicodeDecodeError as error:
        raise FrontendError("A0102", "the file is no UTF-8", place=Place(file), why=str(error)) from None
    except ParseError as error:
        raise FrontendError("A0125", "the MLIR text cannot be parsed", place=Place(file), why=str(error)) from None
    except DiagnosticException as error:
        raise FrontendError("A0126", "the MLIR module is not valid", place=Place(file), why=str(error)) from None
    restore_text(module)
    return module


def restore_text(module: ModuleOp) -> None:
    """Undoes what xDSL's parser does to string literals that are not ASCII (it makes bytes of them) in functions."""
    for function in module.ops:
        if not isinstance(function, func.FuncOp):
            continue
        for table in (function.attributes, function.properties):
            for key in [k for k in table if k.startswith("anamc.") or k in ("arg_attrs", "res_attrs")]:
                table[key] = decoded(table[key])
