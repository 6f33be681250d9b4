"""
Derivatives of programs: from a Program to a Program, so they compose.

Each gives a Program with one public function; its arguments are those of the function
differentiated, then the directions; its results are those of the function, then the derivatives.
"""

from __future__ import annotations

from anamc.derivatives.names import Names, function_of, loss_function, one_of, results_of, wrt_of
from anamc.derivatives.request import Request
from anamc.program import Program

__all__ = ["gauss_newton", "hvp", "jvp", "value_and_grad", "vjp"]


def value_and_grad(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``f`` and ``<arg>_grad = d of / d arg`` for each argument in `wrt`: reverse mode.

    `wrt`: default `params`, or all params of an index program. `of`: a result of one element (shape
    `()` or `(1,)`), default the only one. `function`: default `<name>_loss`, else the first.
    The new function is called `<f>_grad`. Raises CallError for names that there are not and
    DerivativeError for an operation without a derivative.
    """
    signature = loss_function(program, function)
    outputs, inputs = one_of(signature, of), wrt_of(signature, wrt)
    request = Request(program, signature, "grad")
    values = request.vjp(inputs, outputs, [request.one(k) for k in outputs])
    request.extra([request.beside(k, "grad") for k in inputs], values)
    return request.program()


def vjp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_bar = (d of / d arg)^T <result>_bar``: extra arguments `<result>_bar`, extra results `<arg>_bar`.

    `of`: default all float results. The new function is called `<f>_vjp`. Errors as `value_and_grad`.
    """
    signature = function_of(program, function)
    inputs, outputs = wrt_of(signature, wrt), results_of(signature, of)
    request = Request(program, signature, "vjp")
    bars = [request.direction(request.result(k), "bar") for k in outputs]
    values = request.vjp(inputs, outputs, bars)
    request.extra([request.beside(k, "bar") for k in inputs], values)
    return request.program()


def jvp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<result>_dot = sum d result / d arg <arg>_dot``: extra arguments `<arg>_dot`, extra results `<result>_dot`.

    The new function is called `<f>_jvp`. Errors as `value_and_grad`.
    """
    signature = function_of(program, function)
    inputs, outputs = wrt_of(signature, wrt), results_of(signature, of)
    request = Request(program, signature, "jvp")
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    values = request.jvp(inputs, outputs, dots)
    request.extra([request.result_beside(k, "dot") for k in outputs], values)
    return request.program()


def hvp(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_hvp = sum d^2 of / (d arg d arg') <arg'>_dot``, forward over reverse.

    Extra arguments `<arg>_dot`; extra results `<arg>_grad`, then `<arg>_hvp`. `of` and `function` as
    `value_and_grad`. The new function is called `<f>_hvp`.
    """
    signature = loss_function(program, function)
    inputs = wrt_of(signature, wrt)
    inner = value_and_grad(program, wrt, of, signature.name)
    request = Request(inner, inner.function(), "hvp", name=f"{signature.name}_hvp")
    first = len(signature.results)
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    values = request.jvp(inputs, range(first, first + len(inputs)), dots)
    request.extra([request.beside(k, "hvp") for k in inputs], values)
    return request.program()


def gauss_newton(program: Program, wrt: Names = None, of: Names = None, function: str | None = None) -> Program:
    """
    ``<arg>_gn = J^T J <arg>_dot`` with J the Jacobian of `of` (default all float results).

    Extra arguments `<arg>_dot`, extra results `<arg>_gn`. The new function is called `<f>_gn`.
    """
    signature = function_of(program, function)
    inputs, outputs = wrt_of(signature, wrt), results_of(signature, of)
    request = Request(program, signature, "gn")
    dots = [request.direction(request.argument(k), "dot") for k in inputs]
    tangents = request.jvp(inputs, outputs, dots)
    values = request.vjp(inputs, outputs, tangents)
    request.extra([request.beside(k, "gn") for k in inputs], values)
    return request.program()
