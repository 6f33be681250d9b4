"""Commands run in this process, on block graphs made for the occasion."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from anamc.cli import driver, translate

REGRESSION = Path(driver.__file__).parents[1] / "data" / "regression.json"


@dataclass(frozen=True)
class Done:
    """A command that has ended: its exit status and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object on stdout, which must be all that is there."""
        return json.loads(self.out)

    @property
    def code(self) -> str:
        """The code of the error on stderr."""
        assert self.err.startswith("error["), self.err
        return self.err[6:11]


Command = Callable[..., Done]


@pytest.fixture
def anamc(capsys: pytest.CaptureFixture[str]) -> Command:
    """`anamc` with these arguments."""
    return lambda *arguments: _run(driver.main, capsys, arguments)


@pytest.fixture
def anamc_translate(capsys: pytest.CaptureFixture[str]) -> Command:
    """`anamc-translate` with these arguments."""
    return lambda *arguments: _run(translate.main, capsys, arguments)


def _run(main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...]) -> Done:
    capsys.readouterr()
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as end:
        status = int(end.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in err or "--debug" in arguments
    return Done(status, out, err)


@pytest.fixture
def regression() -> Path:
    return REGRESSION


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., Path]:
    """A small graph with nodes and edges, `net.json`, after changes to its document."""

    def write(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Path:
        document: dict[str, Any] = {
            "format": "anamc-graph", "version": 1, "name": "step",
            "blocks": [
                {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 2, "pin": -1}],
                 "edge_features": [{"name": "n", "size": 1, "pin": -2}]},
                {"id": 2, "kind": "encoder", "name": "flux", "scatter": "-+", "input": 1, "output": -3,
                 "layers": [{"size": 4, "activation": "tanh"}, {"size": 2}]},
            ],
            "links": [{"from": -2, "to": 1}, {"from": -1, "to": 1}],
        }  # fmt: skip
        change(document)
        path = tmp_path / "net.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without programs."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("CC", raising=False)
