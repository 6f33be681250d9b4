"""Each refusal: its code, and the place that it points at (marked by `@` in the text)."""

from __future__ import annotations

from pathlib import Path

import pytest

from anamc.errors import FrontendError
from anamc.frontends.index_notation import parse_index_program

REFUSED: dict[str, list[tuple[str, str]]] = {
    "A1001": [
        ("y[i] @- 3", "unexpected '-'"),
        ("y[0] ++= 1.0 |@", "the text ends too early"),
        ("y[0] ++= @2x output y", "unexpected '2x'"),
        ("const a = 1 < 2 @< 3", "unexpected '<'"),
        ("const a = 2@.", "unexpected '.'"),
        ("@in = 3", "unexpected 'in'"),
        ("y[0] ++= 1.0 @$", "unexpected '$'"),
        ("y[0] ++= x[0] x @ = 2", "unexpected"),
        ("inputs @x[n]", "unexpected 'x' behind 'inputs'"),
        ("foo @x: y", "unexpected 'x' behind 'foo'"),
        ("cache m[3] = @uniform(0.0, 1.0)", "a cache starts at zero"),
        ("input x[n] y = cond(@x) output y", "no tensor with its target"),
        ("input x[n] y = cond(a: x, b: @2) output y", "no tensor with its target"),
        ("input x[n] y = @reshape(x) output y", "reshape takes a tensor and a shape"),
        ("input x[n] y = @reshape([1], [2]) output y", "reshape takes a tensor and a shape"),
        ("y{0} ++= 1.0 grad(y) @of { grad(x){i} ++= 1.0 }", "unexpected 'of'"),
    ],
    "A1040": [
        ("input x[n] y = cond(@a: x) output y", "unknown target 'a'"),
        ("input x[n] y = cond(@trian: x, otherwise: x) target train: y", "unknown target 'trian'"),
    ],
    "A1041": [
        ("input x[n] target a: x target @a: x", "target 'a' stands twice"),
        ("input x[n] target @otherwise: x", "'otherwise' cannot name a target"),
        ("input x[n] target a: y y = cond(a: x, @a: x)", "'a' stands twice"),
    ],
    "A1042": [
        ("input x[n] y = cond(a: x) target a: y target b: @y", "'y' has nothing for target 'b'"),
        ("input x[n] y = cond(a: x) target a: y z[i] ++= @y[i] | i output z", "nothing for the outputs of the program"),
    ],
    "A1043": [
        ("input x[4, 3] @y = reshape(x, [5, 2]) output y", "'x' has 12 elements, 'y' 10"),
        ("input x[n] y = reshape(x, [-1, @-1]) output y", "two dimensions are left open"),
        ("input x[7] @y = reshape(x, [-1, 2]) output y", "'x' has 7 elements, 'y' 6"),
    ],
    "A1044": [
        ("input x[3] input z[4] y = cond(a: x, otherwise: @z) target a: y", "dimension 0 of 'z' is 4, that of 'y' 3"),
        ("input x[3] input z[3, 1] y = cond(a: x, otherwise: @z) target a: y", "'z' has 2 dimensions, 'y' 1"),
    ],
    "A1004": [("const a = " + "-" * 64 + "@-1", "nested deeper than 64")],
    "A1005": [
        ("const a = @2147483648", "more than 2147483647"),
        ("const a = @1e999", "too large for a float64"),
        ("const a = 2147483647 * 2147483647 @* 2147483647", "more than 64 bits"),
    ],
    "A1010": [
        ("input x[3] y[i] ++= x[i] | i grad(y) by { grad(@q){i} ++= 1.0 | i } output y", "unknown name 'q'"),
        ("input x[3] y[i] ++= x[i] | i grad(y) by { grad(x){i} ++= grad(@q){i} | i } output y", "unknown name 'q'"),
        ("y[0] ++= @x[0] output y", "unknown name 'x'"),
        ("y = reshape(@x, [2]) output y", "unknown name 'x'"),
        ("target a: @y", "unknown name 'y'"),
        ("random r[n] = uniform(0.0, @m) output r", "unknown name 'm'"),
        ("input val[3] y[i] ++= @vel[i] | i output y", "unknown name 'vel'"),
        ("y[@i] ++= 1.0 output y", "unknown name 'i'"),
        ("y[0] ++= 1.0 output @z", "unknown name 'z'"),
        ("@z.shape = [3]", "unknown name 'z'"),
        ("const a = @b const b = 1", "'b' is not defined yet"),
        ("y[0] ++= (let a = 1.0; a) + @a output y", "unknown name 'a'"),
        ("y[0] ++= 1.0 grad(@q) by { grad(y){i} ++= 1.0 | i }", "unknown name 'q'"),
    ],
    "A1011": [
        ("input x[3] y[0] ++= (let @true = 1.0; 2.0) output y", "'true' is a value"),
        ("input x[n] input @x[n]", "declared twice"),
        ("cache x[n] random @x[n]", "declared twice"),
        ("input x[n] y[i] ++= x[i] | i @y = reshape(x, [-1])", "declared twice"),
        ("input x[@seed] random r[2] output r", "'seed' is an argument already, since a tensor is random"),
        ("input x[n] input @n[3]", "declared twice"),
        ("const a = 1 param @a[2]", "declared twice"),
        ("input @true[2]", "cannot be declared"),
        ("input x[@epoch] y[0] ++= toScalar(epoch()) output y", "'epoch' is an argument already"),
    ],
    "A1012": [
        ("input x[n] y[0] ++= 1.0 | @n in 0..<3 output y", "'n' hides another name"),
        ("input x[n] y[0] ++= 1.0 | @y in 0..<3 output y", "'y' hides another name"),
        ("y[i] ++= 1.0 | (i in 0..<3, @i in 0..<3) output y", "stands for something else"),
        ("const a = 1 y[0] ++= (let @a = 2.0; a) output y", "'a' hides another name"),
        ("y[i] ++= (let @i = 2.0; i) | i in 0..<2 output y", "stands for something else"),
        ("y[0] ++= (let a = 2.0; (let @a = 3.0; a)) output y", "stands for something else"),
    ],
    "A1013": [
        ("y[0] ++= @sine(1.0) output y", "unknown function 'sine'"),
        ("input x[n] y = @reshap(x, [-1])", "a tensor is not made by 'reshap'"),
        ("input x[n] y = @foo(x)", "a tensor is not made by 'foo'"),
        ("y[0] ++= @foo() output y", "unknown function 'foo'"),
        ("y[0] ++= @neg(1.0) output y", "unknown function 'neg'"),
    ],
    "A1014": [
        ("input x[3] y[0] ++= @jvp(x){0} output y", "'jvp' takes 2 arguments, got 1"),
        ("y[0] ++= @sin(1.0, 2.0) output y", "'sin' takes 1 argument, got 2"),
        ("y[0] ++= @select(true, 1.0) output y", "'select' takes 3 arguments, got 2"),
        ("y[0] ++= toScalar(@epoch(1)) output y", "'epoch' takes 0 arguments, got 1"),
        ("param W[2] = @uniform(1.0)", "'uniform' takes 2 arguments, got 1"),
        ("y[0] ++= @[1.0][0, 0] output y", "an array takes one index, got 2"),
    ],
    "A1015": [
        ("y[0] ++= 1.0 @+ 2 output y", "'+' takes (Scalar, Scalar) or (Index, Index), got (Scalar, Index)"),
        ("input s[n] : index y = reshape(@s, [-1]) output y", "integer array"),
        ("input s[n] : index y = cond(a: @s) target a: y", "integer array"),
        ("y[0] ++= @1 output y", "what a kernel adds is Scalar, got Index"),
        ("y[@0.0] ++= 1.0 output y", "an index is Index, got Scalar"),
        ("y[0] ++= @not 1.0 output y", "'not' takes Boolean, got Scalar"),
        ("y[0] ++= @-true output y", "'-' takes Scalar or Index, got Boolean"),
        ("y[0] ++= 4 @/ 2 output y", "'/' takes (Scalar, Scalar), got (Index, Index)"),
        ("y[i] ++= 1.0 | i in @0.0..<3 output y", "a range is Index, got Scalar"),
        ("y[0] ++= 1.0 y.shape = [@2.0] output y", "a dimension is Index, got Scalar"),
        ("y[0] ++= @select(1, 1.0, 2.0) output y", "'select' takes"),
        ("input x[@2.0]", "a size is Index, got Scalar"),
    ],
    "A1016": [
        ("input x[3] y[0] ++= jvp(x, @1.0){0} output y", "'jvp' takes two tensors, got Scalar"),
        (
            "input x[3] const a = 1.0 y[i] ++= x[i] | i grad(y) by { grad(x){i} ++= grad(@a){i} | i } output y",
            "'a' is no tensor",
        ),
        ("input x[n] y[0] ++= @x output y", "the tensor 'x' is no number"),
        ("y[0] ++= @[1.0, 2.0] output y", "Array[Scalar] is no number"),
        ("input x[n] y[0] ++= toScalar(@x.shape) output y", "the shape of 'x' is no number"),
        ("y[i] ++= @i[0] | i in 0..<2 output y", "Index has no elements"),
        ("y[0] ++= @[1.0]{0} output y", "has no flat data"),
        ("y[i] ++= toScalar(@i.len) | i in 0..<2 output y", "Index has no '.len'"),
        ("input x[n] const a = @x", "the tensor 'x' cannot be a const"),
        ("input x[n] y[0] ++= (let a = @x; a[0]) output y", "the tensor 'x' cannot be bound by let"),
        ("input x[n] y[0] ++= [1.0, @x][0] output y", "cannot stand in an array"),
        ("input x[n] output @n", "'n' is a size, no tensor"),
        ("input x[n] y = cond(a: @n) target a: y", "'n' is a size, no tensor"),
    ],
    "A1017": [
        ("input x[n] @x[i] ++= 1.0 | i", "'x' is an input"),
        ("param W[2] @W{i} += 1.0 | i", "'W' is a param"),
        ("input x[n] @n[0] ++= 1.0", "'n' is a size"),
        ("input x[n] y = cond(a: x) @y[0] ++= 1.0 target a: y", "'y' is a choice of tensors"),
        ("const c = 1.0 @c[0] ++= 1.0", "'c' is a const"),
    ],
    "A1018": [
        ("y[0] ++= @z[0] z[0] ++= 1.0 output y", "'z' is read before it is written"),
        ("y[0] ++= @z[0] random z[3] output y", "'z' is read before it is written"),
        ("input x[n] y = reshape(@z, [-1]) z[i] ++= x[i] | i output y", "'z' is read before it is written"),
        ("input x[n] y[0] ++= @z[0] z = cond(a: x) target a: y", "'z' is read before it is written"),
        ("y[i] ++= @y[i] | i in 0..<3 output y", "'y' is read before it is written"),
        ("y[0] ++= toScalar(@z.len) z[0] ++= 1.0 output y", "'z' is read before it is written"),
    ],
    "A1019": [("input x[3] : @float", "unknown element type 'float'")],
    "A1020": [
        ("input x[3] y[i] ++= x[i] | i @y.shape = [] output y", "at least one dimension"),
        ("input x[n] input y[n @+ 1]", "a size of an argument is a number or a name"),
        ("const m = -1 input x[@m]", "a size is 0 or more, got -1"),
        ("input @x[]", "at least one dimension"),
        ("random @x[]", "at least one dimension"),
        ("cache @x[]", "at least one dimension"),
        ("input x[n] @y = reshape(x, [])", "at least one dimension"),
        ("y[0] ++= 1.0 y.shape = [3 @- 4] output y", "a size is 0 or more, got -1"),
    ],
    "A1021": [
        ("input x[3] @y[] ++= x[i] | i output y", "'y' is written without an index"),
        ("input x[3] y[i] ++= @x[] | i output y", "'x' is read without an index"),
        ("input x[n, 2] y[i] ++= @x[i] | i output y", "'x' has 2 dimensions, got 1 indices"),
        ("y[0] ++= 1.0 z[0] ++= @y[0, 0] output z", "'y' has 1 dimensions, got 2 indices"),
        ("y[0] ++= 1.0 @y[0, 0] ++= 1.0 output y", "'y' has 1 dimensions, got 2 indices"),
        ("y.shape = [2, 2] @y[0] ++= 1.0 output y", "'y' has 2 dimensions, got 1 indices"),
        ("input x[3] y{i} ++= x{i} | i z[0] ++= @y[0, 0] output z", "written as flat data"),
        ("input x y[0] ++= x[0] + @x[0, 0] output y", "'x' has 1 dimensions, got 2 indices"),
    ],
    "A1022": [
        ("input s[n] : index y[@s[i]] ++= 1.0 | i in 0..<n output y", "the shape of 'y' cannot be inferred"),
        ("input s[n] y[@toIndex(s[i])] ++= 1.0 | i output y", "the shape of 'y' cannot be inferred"),
        ("y[@i] ++= 1.0 | i output y", "the shape of 'y' cannot be inferred"),
        ("y{@i} ++= 1.0 | i output y", "the shape of 'y' cannot be inferred"),
        ("y[0] ++= 1.0 y.shape = [@y.shape[0]] output y", "this dimension is not known"),
    ],
    "A1023": [
        ("y[0] ++= 1.0 | @i output y", "nothing bounds the iterator 'i'"),
        ("input x[n] y[0] ++= x[i + j] | (@i, j) output y", "nothing bounds the iterator 'i'"),
        ("input x[n] y[0] ++= x[i div 2] | @i output y", "nothing bounds the iterator 'i'"),
    ],
    "A1024": [
        ("input x[3] y[i] ++= x[@i] | i in 0..<4 output y", "index 3 is outside of dimension 0 of 'x'"),
        ("input x[3] y[0] ++= x[@3] output y", "index 3 is outside"),
        ("input x[3] y[i] ++= x[i @- 1] | i in 0..<3 output y", "index -1 is outside"),
        (
            "input x[n] y[i] ++= x[i @+ 1] | i in 0..<n output y",
            "index n is outside of dimension 0 of 'x', whose size is n",
        ),
        ("y[i @- 1] ++= 1.0 | i in 0..<3 output y", "index -1 is outside"),
        ("y.shape = [2] y[@i] ++= 1.0 | i in 0..<3 output y", "index 2 is outside"),
        ("input x[2, 2] y[0] ++= x{@4} output y", "index 4 is outside"),
        ("y[0] ++= [1.0, 2.0][@2] output y", "index 2 is outside of 2 items"),
        ("input x[3] input a[2] : index y[0] ++= x[a[@2]] output y", "index 2 is outside of dimension 0 of 'a'"),
    ],
    "A1025": [
        ("input x[3] input z[4] y[i] ++= x[i] * @z[i] | i output y", "'i' runs over 3 in 'x' and 4 in 'z'"),
        (
            "input x[n] w[i] ++= x[i + 1] | i y[i] ++= x[i] * @w[i] | i output y",
            "'i' runs over n in 'x' and n - 1 in 'w'",
        ),
    ],
    "A1026": [
        ("y[i] ++= 1.0 | (i in 0..<3, j in 0..<@i) output y", "a range cannot depend on an iterator"),
        ("input s[n] : index y[i] ++= 1.0 | i in 0..<@s[0] output y", "a range cannot depend on data"),
        ("input s[n] : index y[0] ++= 1.0 y.shape = [@s[0]] output y", "a dimension cannot depend on data"),
        ("input s[n] const a = @s[0]", "a const cannot depend on data"),
    ],
    "A1027": [
        ("input x[n] @x.shape = [3]", "no kernel writes it"),
        ("y[0] ++= 1.0 y.shape = [1] @y.shape = [1] output y", "given twice"),
    ],
    "A1028": [
        ("y[i] ++= toScalar(i div @0) | i in 0..<2 output y", "'div' by 0"),
        ("y[0] ++= toScalar(1 mod @0) output y", "'mod' by 0"),
        ("y[i] ++= toScalar(1 div @i) | i in 0..<3 output y", "'div' by 0"),
        ("y[i] ++= toScalar(1 mod (i @- 2)) | i in 0..<3 output y", "'mod' by 0"),
        ("y[0] ++= toScalar(wrap(1, @0)) output y", "'wrap' by 0"),
    ],
    "A1031": [("y[0] ++= 1.0 output y, @y", "'y' is an output twice")],
    "A1032": [
        ("input x[n] y[0] ++= toScalar(@x.shape[1]) output y", "no dimension 1"),
        ("input x[n] y[i] ++= toScalar(@x.shape[i]) | i in 0..<1 output y", "one constant index"),
        ("input x[n] y[0] ++= toScalar(@x.shape[-1]) output y", "no dimension -1"),
    ],
    "A1033": [
        ("param W[2] = @normal(0.0, 1.0)", "unknown initial values 'normal'"),
        ("param W[2] = @uniform(1.0, 0.0)", "two constants, low <= high"),
    ],
    "A1034": [
        ("input x[n] grad(@x) by { grad(x){i} ++= 1.0 | i }", "no kernel above writes 'x'"),
        ("grad(@y) by { grad(y){i} ++= 1.0 | i } y[0] ++= 1.0 output y", "no kernel above writes 'y'"),
    ],
    "A1035": [
        (
            "input x[n] y{i} ++= x{i} | i grad(y) by { grad(x){i} ++= grad(y){i} | i } "
            "grad(@y) by { grad(x){i} ++= grad(y){i} | i } output y",
            "a second custom gradient of 'y'",
        )
    ],
    "A1036": [
        ("input x[n] y{i} ++= x{i} | i grad(y) by { grad(@y){i} ++= 1.0 | i } output y", "does not read 'y'"),
        ("input x[n] y{i} ++= x{i} | i grad(y) by { @x{i} ++= 1.0 | i } output y", "writes gradients only"),
        (
            "input x[n] y{i} ++= x{i} | i grad(y) by { grad(x){i} ++= grad(@x){i} | i } output y",
            "grad(x) cannot be read here",
        ),
        ("input x[n] input s[n] y{i} ++= x{i} | i grad(y) by { grad(@s){i} ++= 1.0 | i } output y", "read 's'"),
    ],
    "A1037": [
        ("input x[n] y{i} ++= grad(@x){i} | i output y", "outside of a custom gradient"),
        ("input x[n] grad(@x){i} ++= 1.0 | i", "outside of a custom gradient"),
    ],
    "A1038": [("input x[n] y{i} ++= @jvp(x, x) | i output y", "read like a tensor")],
    "A1039": [
        ("y[0] ++= [1.0, @2][0] output y", "an array of Scalar holds Index"),
        ("y[0] ++= @[][0] output y", "without items"),
        ("y[i] ++= @[[1.0], [1.0, 2.0]][i][0] | i in 0..<2 output y", "different lengths"),
    ],
}
CASES = [(code, text, what) for code, cases in REFUSED.items() for text, what in cases]


@pytest.mark.parametrize(("code", "text", "what"), CASES)
def test_refusals(code: str, text: str, what: str) -> None:
    before, _, after = text.partition("@")
    marked = f"# first line\n\t{before}{after}"
    with pytest.raises(FrontendError) as caught:
        parse_index_program(marked, "net.ix")
    error = caught.value
    assert error.code == code
    assert what in error.what
    if "@ " not in text:
        assert (error.place.file, error.place.line, error.place.column) == ("net.ix", 2, len(before) + 2)
    line, caret, *_ = error.why.splitlines()
    assert caret.strip() == "^"
    assert line[caret.index("^") :][:1] == marked.splitlines()[1][error.place.column - 1 :][:1]


def test_a_program_without_output() -> None:
    with pytest.raises(FrontendError, match=r"A1030.*no output"):
        parse_index_program("input x[n]")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("inputs x[n]", "input"),
        ("input x[n] y = reshap(x, [-1])", "reshape"),
        ("input x[n] y = cond(trian: x) target train: y", "train"),
    ],
)
def test_what_is_nearly_right_is_named(text: str, near: str) -> None:
    with pytest.raises(FrontendError, match=f"did you mean '{near}'"):
        parse_index_program(text)


def test_text_that_is_no_utf_8() -> None:
    with pytest.raises(FrontendError, match=r"A1002.*not UTF-8"):
        parse_index_program(b"input \xff[n]")


def test_text_that_is_too_large() -> None:
    with pytest.raises(FrontendError, match="A1003"):
        parse_index_program(" " * (16 * 2**20 + 1))


def test_the_whole_message() -> None:
    with pytest.raises(FrontendError) as caught:
        parse_index_program("input x[3]\ny[i] ++= x[i + 1] | i in 0..<3\noutput y\n", "net.ix")
    assert str(caught.value).splitlines() == [
        "error[A1024]: index 3 is outside of dimension 0 of 'x', whose size is 3",
        "  --> net.ix:2:14",
        "  y[i] ++= x[i + 1] | i in 0..<3",
        "               ^",
        "  i in 0..<3",
    ]


def test_a_long_line_is_cut_around_the_place() -> None:
    with pytest.raises(FrontendError) as caught:
        parse_index_program("output " + "y, " * 200 + "z\x07 ")
    line, caret = caught.value.why.splitlines()[:2]
    assert len(line) <= 120
    assert len(caret) <= 60
    assert line.isprintable()


def test_every_code_stands_in_the_documents() -> None:

    documented = (Path(__file__).parents[4] / "docs/errors/A10.md").read_text()
    for code in REFUSED:
        assert f"| {code} |" in documented
