import json
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.cli.conftest import Run
from tests.support import Broken, Keyword


def broken(settings: object) -> Broken:
    return Broken()


def keyword(settings: object) -> Keyword:
    return Keyword()


DETECTOR = "fastapi_spamshield.settings.SpamShieldSettings.make_detector"


def test_as_it_is_by_default(run: Run) -> None:
    ended = run("doctor", "--json")
    assert ended.status == 0
    report = json.loads(ended.out)
    assert report["versions"]["fastapi"] == version("fastapi")
    assert report["settings"] == {}
    assert (report["detector"], report["verdict"]["score"]) == ("local", 1)
    [warning] = report["warnings"]
    assert "trusted proxies" in warning
    table = run("doctor")
    assert table.status == 0
    assert "all as by default" in table.out
    assert "score 1 in" in table.out


def test_settings_and_what_is_strange_about_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TRUSTED_PROXIES": "10.0.0.0/8,192.0.2.1",
        "KEYS": "planted,another-key-that-is-long",
        "SHADOW": "true",
        "ON_ERROR": "allow",
        "TIMEOUT": "0.5",
    }.items():
        monkeypatch.setenv(f"SPAMSHIELD_{name}", value)
    monkeypatch.setattr(DETECTOR, keyword)
    ended = run("doctor")
    assert ended.status == 0
    assert "10.0.0.0/8, 192.0.2.1/32" in ended.out
    assert "planted" not in ended.out
    assert "SPAMSHIELD_TIMEOUT" in ended.out
    for warning in (
        "Shadow mode",
        "on_error is allow",
        "shorter than 16",
    ):
        assert warning in ended.out
    assert "trusted proxies" not in ended.out


def test_a_detector_that_does_not_know_the_test_string(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DETECTOR, keyword)
    monkeypatch.setattr("fastapi_spamshield.cli.doctor.SPAM_TEST_STRING", "hello")
    assert "has a score of 0.01" in run("doctor").out


def test_a_detector_that_does_not_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DETECTOR, broken)
    ended = run("doctor")
    assert ended.status == 1
    assert "not measured, unavailable" in ended.out


def test_what_is_not_installed_is_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(name: str) -> str:
        if name == "uvicorn":
            raise PackageNotFoundError
        return "1.0"

    monkeypatch.setattr("fastapi_spamshield.cli.versions.version", installed)
    assert "uvicorn" not in json.loads(run("doctor", "--json").out)["versions"]
