"""How the tests of the command line run it, and one small training that several of them share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netc.cli.main import netc

ROOT = Path(__file__).parents[2]
DIGITS = str(ROOT / "specs" / "digits.net")

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `netc` in this process, without colours and 100 columns wide."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def invoke(*words: str | Path, input: str | bytes | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(netc, [str(word) for word in words], input=input)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run: the digits network after two epochs."""
    folder = tmp_path_factory.mktemp("run") / "digits"
    words = ["train", DIGITS, "--epochs", "2", "--out", str(folder), "--quiet", "--threads", "1"]
    result = CliRunner().invoke(netc, words)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def compiled(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same network as an ONNX file."""
    path = tmp_path_factory.mktemp("onnx") / "digits.onnx"
    weights = str(trained / "best.safetensors")
    result = CliRunner().invoke(netc, ["compile", DIGITS, "--weights", weights, "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def spec(tmp_path: Path) -> Callable[..., Path]:
    """Write a spec into a file of its own."""

    def write(text: str, name: str = "a.net") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
