"""The part that every frontend of block graphs shares, with records instead of a document."""

from dataclasses import replace

import pytest

from anamc.dialects import graph
from anamc.errors import FrontendError, Place
from anamc.frontends.blocks import build_network, location
from anamc.frontends.records import Block, Feature, Head, Link, Name, Pin, Ports, encoder, source

PLACE = Place("net.lisp", 3, 4, "blocks[0]")
LAYERS = [graph.LayerAttr(1, graph.FunctionAttr("tanh"))]


def mesh(name: str = "u") -> Block:
    return source(Head(1, PLACE), True, [Feature(name, 1, Pin(-1, PLACE), PLACE)], [])


def mlp(head: Head, output_name: Name | None = None) -> Block:
    return encoder(head, Ports(Pin(1, PLACE), Pin(-2, PLACE), output_name), LAYERS)


LINKS = [Link(-1, 1, PLACE)]


def test_records_make_a_network_that_verifies() -> None:
    module = build_network("step", PLACE, [mlp(Head(2, PLACE)), mesh()], LINKS, "{}")
    module.verify()
    (network,) = module.ops
    assert isinstance(network, graph.NetworkOp)
    assert [op.name for op in network.blocks] == ["graph.source", "graph.encoder"]
    assert network.meta is not None
    assert network.meta.data == "{}"
    assert Place.of(network.location) == PLACE


def test_a_place_without_a_path_is_a_plain_location() -> None:
    assert Place.of(location(replace(PLACE, path=""))) == replace(PLACE, path="")


@pytest.mark.parametrize("number", [0, -3])
def test_an_id_that_is_not_positive_is_refused(number: int) -> None:
    with pytest.raises(FrontendError, match=rf"A0203\]: block ids are positive, got {number}\n  --> net\.lisp:3:4"):
        build_network("step", PLACE, [mesh(), mlp(Head(number, PLACE))], LINKS)


def test_an_empty_name_of_the_network_is_refused() -> None:
    with pytest.raises(FrontendError, match=r"A0122\]: the name of this network is empty"):
        build_network("", PLACE, [mesh(), mlp(Head(2, PLACE))], LINKS)


def test_an_empty_name_of_a_feature_or_output_is_refused() -> None:
    with pytest.raises(FrontendError, match=r"A0122\]: the name of this node feature is empty"):
        build_network("step", PLACE, [mesh(""), mlp(Head(2, PLACE))], LINKS)
    with pytest.raises(FrontendError, match=r"A0122\]: the name of this output is empty"):
        build_network("step", PLACE, [mesh(), mlp(Head(2, PLACE), Name("output", "", PLACE))], LINKS)


def test_a_block_with_an_empty_name_is_called_by_its_id() -> None:
    assert mlp(Head(7, PLACE, "")).label == "encoder 7"
    assert mlp(Head(7, PLACE, "fit\n")).label == r"encoder 'fit\n' (id 7)"
