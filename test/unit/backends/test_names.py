"""Names and comments of strangers become harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamc.backends import names
from anamc.backends.names import MAX_LENGTH, Names, comment, file_stem, mangled


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("u", "u"),
        ("EdgeFeature1", "EdgeFeature1"),
        ("my field", "my_field"),
        ("a-b.c", "a_b_c"),
        ("1st", "n1st"),
        ("_hidden", "n_hidden"),
        ("Größe", "Gr__e"),
        ("温度", "n__"),
        ("", "n"),
        ("x;}int main(){", "x__int_main___"),
    ],
)
def test_characters_outside_the_alphabet_become_underscores(text: str, name: str) -> None:
    assert Names().unique(text) == name


WORDS = """
    double restrict inline class co_yield template xor Integer SUBROUTINE end exp tanhf malloc NAN INFINITY NULL
    size_t bool nnodes nedges edgelist params loss main
"""


@pytest.mark.parametrize("word", WORDS.split())
def test_a_reserved_word_gets_a_number(word: str) -> None:
    assert Names().unique(word) == f"{word}_2"


def test_repetitions_get_numbers_whatever_their_case() -> None:
    given_names = Names()
    assert [given_names.unique(t) for t in ["u", "U", "u", "u_2", "u 2"]] == ["u", "U_2", "u_3", "u_2_2", "u_2_3"]


def test_functions_of_the_wider_library_are_free_for_arguments_only() -> None:
    assert Names().unique("y1") == "y1"
    assert Names(names.FUNCTIONS).unique("y1") == "y1_2"


def test_an_inner_scope_sees_the_names_of_the_outer_one_but_not_of_its_neighbour() -> None:
    outer = Names()
    outer.unique("h")
    first, second = outer.inside(), outer.inside()
    assert first.unique("h") == "h_2"
    assert first.unique("j") == "j"
    assert second.unique("j") == "j"
    assert outer.inside(names.LOCAL).unique("class") == "class"
    assert first.unique("class") == "class_2"


def test_a_name_that_is_taken_is_not_given_again() -> None:
    scope = Names()
    assert scope.take("params") == "params"
    assert scope.unique("params") == "params_2"


def test_endings_are_taken_together_with_the_name() -> None:
    scope = Names()
    endings = ("", "_eval")
    assert scope.unique("f_eval", suffixes=endings) == "f_eval"
    assert scope.unique("f", suffixes=endings) == "f_2"


def test_long_names_are_cut_and_stay_different() -> None:
    long = "x" * 500
    one, two = mangled(long), mangled(long + "y")
    assert len(one) == len(two) == MAX_LENGTH
    assert one != two
    assert one == mangled(long)


def test_a_number_behind_a_long_name_keeps_within_the_limit() -> None:
    scope = Names()
    found = [scope.unique("x" * 500) for _ in range(12)]
    assert len(set(found)) == 12
    assert max(map(len, found)) == MAX_LENGTH


@given(st.lists(st.text(), max_size=20))
def test_any_texts_give_different_identifiers(texts: list[str]) -> None:
    scope = Names()
    found = [scope.unique(t) for t in texts]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", n) and len(n) <= MAX_LENGTH for n in found)
    assert len({n.lower() for n in found}) == len(texts)


@given(st.text() | st.text(alphabet="*/\\?\n\r\t \x00u"))
def test_any_text_stays_inside_its_comment(text: str) -> None:
    line = comment(text)
    assert line.isprintable()
    assert not any(bad in f"/* {line} */"[2:-2] for bad in ("*/", "/*", "\\", "??", "\n"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("end */ int x; /*", "end * / int x; / *"),
        ("a\\", "a/"),
        ("*\\", "* /"),
        ("what??/", "what? ?/"),
        ("two\nlines\r\0", "two lines"),
        ("\u202eevil", "evil"),
        ("Größe", "Größe"),
    ],
)
def test_comments_are_made_harmless(text: str, line: str) -> None:
    assert comment(text) == line


def test_long_comments_are_cut() -> None:
    assert len(comment("x" * 10_000)) == 200


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("../../etc/passwd", "n______etc_passwd"),
        ("a/b", "a_b"),
        (".hidden", "n_hidden"),
        ("CON", "CON_2"),
        ("net", "net"),
    ],
)
def test_a_file_name_is_letters_only(text: str, stem: str) -> None:
    assert file_stem(text) == stem
