"""`anamc-opt` as a command."""

import subprocess
import sys
from pathlib import Path

import pytest

from anamc.cli import opt


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int | str | None, str]:
    with pytest.raises(SystemExit) as ended:
        opt.main([str(a) for a in arguments])
    return ended.value.code, capsys.readouterr().err


def test_help_lists_the_named_pipelines():
    ran = subprocess.run([sys.executable, "-m", "anamc.cli.opt", "--help"], capture_output=True, text=True, check=True)
    words = "".join(ran.stdout.split())  # lines may break behind hyphens
    assert "to-kernels" in words
    assert "fuse-kernels" in words


def test_a_named_pipeline_stands_in_front_of_further_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "f.mlir"
    file.write_text(
        "func.func @f(%x: tensor<?x2xf64>) -> tensor<?x2xf64> {\n"
        "  %y = math.tanh %x : tensor<?x2xf64>\n"
        "  func.return %y : tensor<?x2xf64>\n"
        "}\n"
    )
    opt.main([str(file), "--pipeline", "to-kernels", "-p", "set-float-type{type=f32}"])
    out = capsys.readouterr().out
    assert "kernel.rows" in out
    assert "f64" not in out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bad.mlir", "func.func @f( {", "Expected argument or type"),
        ("bad.json", '{"format": }', "error[A0101]"),
        ("bad.txt", "", "error[A0124]: unknown format"),
    ],
)
def test_a_broken_file_is_an_error_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, message: str
):
    (tmp_path / name).write_text(text)
    code, err = refused(capsys, tmp_path / name)
    assert code == 1
    assert message in err
    assert "Traceback" not in err


def test_a_missing_file_is_an_error_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, err = refused(capsys, tmp_path / "none.mlir")
    assert code == 1
    assert "No such file" in err


@pytest.mark.parametrize("passes", ["nosuch", "fuse-kernels{max-ops=many}", "fuse-kernels{most=3}", "a{b=/c}"])
def test_unknown_passes_and_options_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], passes: str):
    file = tmp_path / "f.mlir"
    file.write_text("")
    code, err = refused(capsys, file, "-p", passes)
    assert code == 1
    assert "error[A0809]" in err


def test_a_pass_of_a_pipeline_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "f.mlir"
    file.write_text(
        "func.func @f(%x: tensor<8xf64>) -> tensor<8xf64> {\n"
        "  %y = math.tanh %x : tensor<8xf64>\n"
        "  %z = math.sin %y : tensor<8xf64>\n"
        "  func.return %z : tensor<8xf64>\n"
        "}\n"
    )
    kernels: list[int] = []
    for without in ([], ["--without", "fuse-kernels"]):
        opt.main([str(file), "--pipeline", "to-kernels", *without])
        kernels.append(capsys.readouterr().out.count("kernel.rows"))
    assert kernels == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--pipeline", "to-kernels", "--without", "fuse"], "--pipeline to-kernels has no such pass"),
        (["--without", "fuse-kernels"], "there is no --pipeline"),
    ],
)
def test_a_pass_that_there_is_not_cannot_be_left_out(
    arguments: list[str], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "f.mlir"
    file.write_text("")
    status, text = refused(capsys, file, *arguments)
    assert (status, "A0816" in text, why in text) == (1, True, True)
