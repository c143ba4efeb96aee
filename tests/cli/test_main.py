import importlib
import subprocess
import sys

import pytest

from fastapi_spamshield import __version__, cli
from fastapi_spamshield.cli import main
from tests.cli.conftest import Run


def forget_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.startswith("fastapi_spamshield.cli."):
            monkeypatch.delitem(sys.modules, name)
            monkeypatch.delattr(cli, name.rpartition(".")[2])
    monkeypatch.delitem(sys.modules, "fastapi_spamshield.evaluation.report", raising=False)


def test_as_a_module_and_as_a_script() -> None:
    for command in (
        [sys.executable, "-m", "fastapi_spamshield", "--version"],
        [sys.executable, "-c", "from fastapi_spamshield.cli import main; main()", "--version"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == f"fastapi-spamshield {__version__}\n"


def test_as_a_module_in_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "fastapi_spamshield.__main__", raising=False)
    monkeypatch.setattr("sys.argv", ["spamshield", "--version"])
    with pytest.raises(SystemExit) as end:
        importlib.import_module("fastapi_spamshield.__main__")
    assert end.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_what_is_written_wrongly_is_no_verdict(run: Run) -> None:
    for arguments in (["check"], ["check", "--jsn", "x"], ["nothing"], []):
        assert run(*arguments).status == 64


def test_a_wrong_set_up_is_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_THRESHOLDS", "1")
    ended = run("check", "hello")
    assert ended.status == 78
    assert "Did you mean 'threshold'" in ended.err


def test_a_fault_of_its_own_is_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("planted")

    monkeypatch.setattr("fastapi_spamshield.cli.check.Shield", fail)
    ended = run("check", "hello")
    assert ended.status == 70
    assert "LookupError: planted" in ended.err


@pytest.mark.parametrize("missing", ["jinja2", "rich", "typer", "uvicorn"])
def test_a_missing_extra_says_how_to_install_it(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_commands(monkeypatch)
    for name in [known for known in sys.modules if known.startswith(f"{missing}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert f"needs {missing}" in str(end.value)
    assert "pip install 'fastapi-spamshield[cli]'" in str(end.value)


def test_what_is_missing_otherwise_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_commands(monkeypatch)
    monkeypatch.setitem(sys.modules, "fastapi_spamshield.web.gateway", None)
    with pytest.raises(ModuleNotFoundError, match="gateway"):
        main(["--version"])
