"""The strict JSON reader: what it refuses, where, and that it reads what `json` reads."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamc.errors import FrontendError
from anamc.frontends.json_graph import reader
from anamc.frontends.json_graph.reader import Document, Node, Number, compact

REFUSED = {
    "an empty document": ("  \n ", "A0101", 2, 2, "the document is empty"),
    "a missing value": ('{"a": }', "A0101", 1, 7, "expected a value, found '}'"),
    "a missing comma in an object": ('{"a": 1\n "b": 2}', "A0101", 2, 2, "expected ',' or '}', found '\"'"),
    "a missing comma in an array": ("[1 2]", "A0101", 1, 4, "expected ',' or ']', found '2'"),
    "a comma too many in an object": ('{"a": 1,}', "A0101", 1, 9, "expected a key in double quotes, found '}'"),
    "a comma too many in an array": ("[1,]", "A0101", 1, 4, "expected a value, found ']'"),
    "a missing colon": ('{"a" 1}', "A0101", 1, 6, "expected ':' after the key, found '1'"),
    "an early end": ('{"a": [1', "A0101", 1, 9, "expected ',' or ']', found the end of the document"),
    "something after the end": ("{} x", "A0101", 1, 4, "expected the end of the document, found 'x'"),
    "a comment": ("{} // no", "A0101", 1, 4, "found '/'"),
    "single quotes": ("{'a': 1}", "A0101", 1, 2, "a key in double quotes"),
    "an unknown word": ("[yes]", "A0101", 1, 2, "expected a value, found 'y'"),
    "a word that starts well": ("[trueish]", "A0101", 1, 2, "expected a value"),
    "a leading zero": ("[01]", "A0101", 1, 3, "expected the end of the number, found '1'"),
    "a hexadecimal number": ("[0x10]", "A0101", 1, 3, "expected the end of the number, found 'x'"),
    "a number without digits after the point": ("[1.]", "A0101", 1, 3, "expected the end of the number, found '.'"),
    "a string without an end": ('["abc', "A0101", 1, 2, "this string has no end"),
    "a line break in a string": ('["a\nb"]', "A0101", 1, 4, "no control character in a string"),
    "an unknown escape": ('["a\\x41"]', "A0101", 1, 4, "unknown escape in a string"),
    "an escape cut short": ('["\\u00g0"]', "A0101", 1, 3, "unknown escape in a string"),
    "a second escape cut short": ('["\\ud83d\\uZZZZ"]', "A0101", 1, 9, "unknown escape in a string"),
    "invalid UTF-8": (b'{"a": "\xff"}', "A0102", 0, 0, "not UTF-8"),
    "a lone surrogate as it is": ('["\ud800"]', "A0102", 0, 0, "not UTF-8"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "A0102", 0, 0, "byte order mark"),
    "a document that is too deep": ("[" * 65, "A0104", 1, 65, "more than 64 objects and arrays"),
    "a repeated key": ('{"a": 1,\n "a": 2}', "A0105", 2, 2, "it stands first in line 1, column 2"),
    "NaN": ('{"a": NaN}', "A0106", 1, 7, "'NaN' is no JSON"),
    "Infinity": ("[-Infinity]", "A0106", 1, 2, "'-Infinity' is no JSON"),
    "a number that is too long": ("[" + "1" * 401 + "]", "A0107", 1, 2, "at most 400 characters, got 401"),
    "a lone high surrogate": ('["\\ud800 "]', "A0108", 1, 3, "a lone surrogate"),
    "a lone low surrogate": ('["\\udc00"]', "A0108", 1, 3, "a lone surrogate"),
    "two high surrogates": ('["\\ud800\\ud800"]', "A0108", 1, 3, "a lone surrogate"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_reader_refuses_with_line_and_column(name: str) -> None:
    text, code, line, column, message = REFUSED[name]
    with pytest.raises(FrontendError) as caught:
        Document(text, "net.json")
    error = caught.value
    assert (error.code, error.place.line, error.place.column) == (code, line, column)
    assert error.place.file == "net.json"
    assert message in str(error)


def test_reader_refuses_a_document_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    Document('["aaaaaa"]', "")
    for text in ('["aaaaaaa"]', '["ééé"]    ', b'["aaaaaaa"]'):
        with pytest.raises(FrontendError, match=r"A0103.*\n.*\n  at most 10 bytes, got") as caught:
            Document(text, "f")
        assert caught.value.code == "A0103"


def test_reader_accepts_the_deepest_document() -> None:
    assert compact(Document("[" * 64 + "]" * 64, "").root) == "[" * 64 + "]" * 64


def test_reader_keeps_numbers_as_they_are_written() -> None:
    text = '{"a":[1.50,-0,1e400,123456789012345678901234567890],"b":{"é":null,"c":"\\n\\u0001"},"d":true}'
    assert compact(Document(text, "").root) == text


def test_reader_knows_where_every_value_stands() -> None:
    document = Document('{"a":\n  [10,\t"é", 20]}', "f")
    assert isinstance(document.root.value, dict)
    items = document.root.value["a"].value
    assert isinstance(items, list)
    assert [(document.place(n.offset).line, document.place(n.offset).column) for n in items] == [
        (2, 4),
        (2, 8),
        (2, 13),
    ]


def plain(node: Node) -> object:
    """The value as Python's `json` gives it."""
    match node.value:
        case dict():
            return {k: plain(v) for k, v in node.value.items()}
        case list():
            return [plain(v) for v in node.value]
        case Number():
            return json.loads(node.value.text)
        case _:
            return node.value


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_reader_reads_what_json_writes(value: object, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    root = Document(text, "").root
    assert plain(root) == value
    assert json.loads(compact(root)) == value
    assert compact(Document(compact(root), "").root) == compact(root)


@given(st.text(alphabet='{}[]",:\\u0019.-eEtrufalsn \n', max_size=30))
def test_reader_agrees_with_json_on_what_is_json(text: str) -> None:
    def refuse(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({k for k, _ in pairs}) < len(pairs):
            raise ValueError("repeated key")
        return dict(pairs)

    try:
        expected = json.loads(text, object_pairs_hook=refuse)
        json.dumps(expected, ensure_ascii=False).encode()
    except ValueError:
        with pytest.raises(FrontendError, match=r"A010[1-8]"):
            Document(text, "")
    else:
        assert plain(Document(text, "").root) == expected
