"""The plain functions of a module: the document's signature, with a workspace from the heap."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects.builtin import AnyFloat, Float32Type, Float64Type, MemRefType
from xdsl.ir import Attribute

from anamc.backends.openacc_c.c_types import c_type
from anamc.backends.openacc_c.header import ALIGNMENT, plain_prototype
from anamc.backends.openacc_c.interface import Function, Interface, Kind, Parameter
from anamc.backends.openacc_c.layout import NOTICE, broken
from anamc.backends.openacc_c.sizes import FUNCTIONS, function_text, functions_of, length_text

FLOATS: tuple[AnyFloat, ...] = (Float32Type(), Float64Type())
FILL = "anamc_fill_nan"
ADD = "anamc_add"
INCLUDES = "#include <math.h>\n#include <stdint.h>\n#include <stdlib.h>\n"


def plain_file(interface: Interface) -> str:
    """The text of ``src/<stem>.c``: nothing but the plain functions calls the heap."""
    entries = interface.of(Kind.ENTRY)
    filled = {_element(p) for entry in entries for p in entry.outputs}
    parts = [NOTICE, f'#include "{interface.stem}.h"\n', INCLUDES]
    dims = [d for entry in entries for p in entry.outputs if _element(p) in FLOATS for d in [p.dims or ()]]
    called = set[str]().union(*map(functions_of, dims))
    parts += [function_text(f) for f in FUNCTIONS if f in called]
    parts += [_fill(type) for type in FLOATS if type in filled]
    added = {_element(p) for entry in entries for p in entry.added}
    parts += [ENDS] * bool(added) + [_add(type) for type in FLOATS if type in added]
    parts += [_plain(entry) for entry in entries]
    return "\n".join(parts)


def _element(parameter: Parameter) -> Attribute:
    type = parameter.type
    return type.element_type if isinstance(type, MemRefType) else type


def _fill_name(type: Attribute) -> str:
    return f"{FILL}f" if isinstance(type, Float32Type) else FILL


def _fill(type: Attribute) -> str:
    c = c_type(type)
    return (
        f"static void {_fill_name(type)}({c} *out, int64_t length)\n{{\n"
        f"  for (int64_t i = 0; i < length; ++i) {{\n    out[i] = NAN;\n  }}\n}}\n"
    )


ENDS = f"""\
/* Bytes up to the end of an array behind the first `start`, a multiple of {ALIGNMENT}; -1 where they are too many. */
static int64_t anamc_end(int64_t start, int64_t length, int64_t width)
{{
  if (start < 0 || length < 0 || length > (INT64_MAX - {ALIGNMENT} - start) / width) {{
    return -1;
  }}
  return (start + length * width + {ALIGNMENT - 1}) / {ALIGNMENT} * {ALIGNMENT};
}}
"""


def _add_name(type: Attribute) -> str:
    return f"{ADD}f" if isinstance(type, Float32Type) else ADD


def _add(type: Attribute) -> str:
    c = c_type(type)
    return (
        f"static void {_add_name(type)}({c} *out, const {c} *part, int64_t length)\n{{\n"
        f"  for (int64_t i = 0; i < length; ++i) {{\n    out[i] += part[i];\n  }}\n}}\n"
    )


def _plain(entry: Function) -> str:
    body = _with_parts if entry.added else _with_workspace if entry.workspace else _without_workspace
    lines = [*body(entry), *_nan(entry)]
    return f"{plain_prototype(entry)}\n{{\n" + "".join(f"  {line}".rstrip() + "\n" for line in lines) + "}\n"


def _call(entry: Function, workspace: str, start: str, indent: str) -> list[str]:
    arguments = [workspace if p.is_workspace else p.name for p in entry.parameters]
    return broken(f"{start}{entry.symbol}(", arguments, ");", f"{indent}    ").split("\n")


def _with_workspace(entry: Function) -> Iterator[str]:
    names = entry.scope.inside()
    size, memory, address = (names.unique(n) for n in ("workspace_size", "memory", "address"))
    sizes = ", ".join(p.name for p in entry.sizes)
    yield f"const int64_t {size} = {entry.base}_workspace_size({sizes});"
    yield f"unsigned char *{memory} = NULL;"
    yield f"int {_status(entry)} = 1;"
    yield ""
    yield f"if ({size} >= 0 && (uint64_t){size} <= SIZE_MAX - {ALIGNMENT}) {{"
    yield f"  {memory} = (unsigned char *)malloc((size_t){size} + {ALIGNMENT});"
    yield "}"
    yield f"if ({memory} != NULL) {{"
    yield f"  unsigned char *{address} = {memory} + ({ALIGNMENT} - (uintptr_t){memory} % {ALIGNMENT});"
    yield from _call(entry, address, f"  {_status(entry)} = ", "  ")
    yield f"  free({memory});"
    yield "}"


def _with_parts(entry: Function) -> Iterator[str]:
    """Cotangents into memory of our own, from where they are added to the caller's."""
    names = entry.scope.inside()
    status, memory, address, end = (names.unique(n) for n in ("status", "memory", "address", "workspace_end"))
    sizes = ", ".join(p.name for p in entry.sizes)
    yield f"const int64_t {end} = anamc_end(0, {entry.base}_workspace_size({sizes}), 1);"
    parts: dict[Parameter, str] = {}
    places: list[str] = []
    for p in entry.added:
        parts[p], after, type = names.unique(f"{p.name}_part"), names.unique(f"{p.name}_end"), c_type(_element(p))
        places.append(f"{type} *{parts[p]} = ({type} *)(void *)({address} + {end});")
        yield f"const int64_t {after} = anamc_end({end}, {length_text(p.dims or ())}, (int64_t)sizeof({type}));"
        end = after
    yield f"unsigned char *{memory} = NULL;"
    yield f"int {status} = 1;"
    yield ""
    yield f"if ({end} >= 0 && (uint64_t){end} <= SIZE_MAX - {ALIGNMENT}) {{"
    yield f"  {memory} = (unsigned char *)malloc((size_t){end} + {ALIGNMENT});"
    yield "}"
    yield f"if ({memory} != NULL) {{"
    yield f"  unsigned char *{address} = {memory} + ({ALIGNMENT} - (uintptr_t){memory} % {ALIGNMENT});"
    yield from (f"  {place}" for place in places)
    arguments = [address if p.is_workspace else parts.get(p, p.name) for p in entry.parameters]
    yield from broken(f"  {status} = {entry.symbol}(", arguments, ");", "      ").split("\n")
    yield f"  if ({status} == 0) {{"
    for p, part in parts.items():
        yield f"    {_add_name(_element(p))}({p.name}, {part}, {length_text(p.dims or ())});"
    yield "  }"
    yield f"  free({memory});"
    yield "}"


def _without_workspace(entry: Function) -> Iterator[str]:
    yield from _call(entry, "NULL", f"const int {_status(entry)} = ", "")


def _status(entry: Function) -> str:
    return entry.scope.inside().unique("status")


def _nan(entry: Function) -> Iterator[str]:
    filled = [p for p in entry.outputs if _element(p) in FLOATS]
    if not filled:
        yield f"(void){_status(entry)};"
        return
    yield f"if ({_status(entry)} != 0) {{"
    for parameter in filled:
        yield f"  {_fill_name(_element(parameter))}({parameter.name}, {length_text(parameter.dims or ())});"
    yield "}"
