"""`anamc view`: pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest


def test_a_picture_is_written(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("view", graph(), "-o", tmp_path / "net.svg")
    assert found.out == f"wrote {tmp_path}/net.svg\n"
    root = ElementTree.fromstring((tmp_path / "net.svg").read_bytes())
    assert root.tag.endswith("svg")
    assert "encoder 2: flux" in list(root.itertext())


def test_without_a_file_the_picture_goes_to_stdout(anamc: Any, graph: Any) -> None:
    found = anamc("view", graph())
    assert found.out.startswith("<?xml")
    assert found.out.endswith("</svg>\n")


def test_the_ending_chooses_dot(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("view", graph(), "-o", tmp_path / "net.dot", "--json")
    assert (found.json["format"], found.json["output"]) == ("dot", str(tmp_path / "net.dot"))
    assert (tmp_path / "net.dot").read_text().startswith("digraph anamc {")


@pytest.mark.parametrize("name", ["net.pdf", "net", "svg"])
def test_another_ending_is_wrong_usage(anamc: Any, graph: Any, name: str) -> None:
    found = anamc("view", graph(), "-o", name)
    assert found.status == 2
    assert f"pictures end in .svg or .dot, got '{name}'" in found.err


def test_json_and_a_picture_on_stdout_are_wrong_usage(anamc: Any, graph: Any) -> None:
    assert anamc("view", graph(), "--json").status == 2


def test_a_file_that_cannot_be_written_is_refused(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("view", graph(), "-o", tmp_path / "no" / "net.svg")
    assert (found.status, found.code) == (1, "A0602")


def test_an_empty_module_is_refused(anamc: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.mlir").write_text("builtin.module {}")
    found = anamc("view", tmp_path / "empty.mlir")
    assert (found.status, found.code) == (1, "A0810")
    assert "nothing to draw: the module has no function with nests" in found.err


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><g onload="x"',
        "a\nb",
        "]]>",
        "&lt;",
        "\x1b[31m",
        "\U0001d518" * 500,
        "\u202eevil",
    ],
)
def test_no_name_breaks_out_of_its_text(anamc: Any, graph: Any, tmp_path: Path, name: str) -> None:
    def change(document: dict[str, Any]) -> None:
        document["name"] = name
        document["blocks"][1]["name"] = name
        document["blocks"][1]["output_name"] = f"{name}out"
        document["blocks"][0]["node_features"][0]["name"] = name

    assert anamc("view", graph(change), "-o", tmp_path / "net.svg").status == 0
    text = (tmp_path / "net.svg").read_text()
    root = ElementTree.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "defs", "marker", "path", "rect", "g", "text", "tspan"}
    attributes = {key for element in root.iter() for key in element.attrib}
    assert not {a for a in attributes if a.startswith("on") or "href" in a or a == "style"}
    assert all(c.isprintable() or c == "\n" for c in text)
    assert len(text) < 20_000


TARGETS = """
input x[n, 3]
param W[3, 2]
hidden[r, j] ++= x[r, k] * W[k, j] | (r, j, k)
blur[i] ++= hidden[i + d, 0] | (i, d in 0..<2)
output blur
target hidden: hidden
"""


def test_an_index_program_is_drawn_with_its_ranges(anamc: Any, tmp_path: Path) -> None:
    source, dot = tmp_path / "net.ix", tmp_path / "net.dot"
    source.write_text(TARGETS)
    assert anamc("view", source, "-o", dot).out == f"wrote {dot}\n"
    lines = [line.strip() for line in dot.read_text().splitlines()]
    assert 'label="net(n)";' in lines
    assert 'label="net_hidden(n)";' in lines
    for box in (
        'n0_0 [label="x\\nn, 3", shape=ellipse];',
        'n0_2 [label="hidden\\nr < n, j < 2, k < 3\\nline 4", shape=box];',
        'n0_3 [label="blur\\ni < n - 1, d < 2\\nline 5", shape=box];',
        'n0_4 [label="blur\\nn - 1", shape=ellipse];',
    ):
        assert box in lines
    assert [line for line in lines if "->" in line and line.startswith("n0")] == [
        "n0_0 -> n0_2;", "n0_1 -> n0_2;", "n0_2 -> n0_3;", "n0_3 -> n0_4;"
    ]  # fmt: skip
    texts = list(ElementTree.fromstring(anamc("view", source).out.encode()).itertext())
    assert "i < n - 1, d < 2" in texts
