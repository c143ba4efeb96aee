import io
import json
from types import SimpleNamespace

import pytest

from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.cli.conftest import Run
from tests.support import Broken


def broken(settings: object) -> Broken:
    return Broken()


@pytest.mark.parametrize(
    ("text", "status", "label"),
    [
        ("Thanks, the second recipe worked for me!", 0, "ham"),
        (SUSPICIOUS_TEST_STRING, 1, "suspicious"),
        (SPAM_TEST_STRING, 2, "spam"),
    ],
)
def test_the_status_is_the_action(run: Run, text: str, status: int, label: str) -> None:
    table = run("check", text)
    assert table.status == status
    assert label in table.out
    assert text not in table.out
    as_json = run("check", "--json", text)
    assert as_json.status == status
    assert json.loads(as_json.out)["label"] == label
    assert "raw" not in json.loads(as_json.out)


def test_a_threshold_and_a_sender(run: Run) -> None:
    ended = run("check", "--json", "--threshold", "0.4", "--author", "Eve", SUSPICIOUS_TEST_STRING)
    assert ended.status == 2
    assert json.loads(ended.out)["threshold"] == 0.4


def test_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.BytesIO(f"{SPAM_TEST_STRING}\n\xff".encode("latin-1"))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=given))
    assert run("check", "-").status == 2


def test_what_could_not_be_measured(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi_spamshield.settings.SpamShieldSettings.make_detector", broken)
    ended = run("check", "hello")
    assert ended.status == 1
    assert "not measured" in ended.out
    assert "unavailable" in ended.out


def test_an_explanation(run: Run) -> None:
    text = "Claim your prize: https://bit.ly/x1, act now"
    ended = run("check", text, "--author", "Ada", "--explain")
    assert ended.status == 2
    assert ended.out.startswith("spam, reject: score ")
    assert '"Claim your prize"' in ended.out
    assert "\nwhat would change it:\n- without " in ended.out
    assert "\nsmallest change: without " in ended.out


def test_an_explanation_as_json(run: Run) -> None:
    ended = run("check", "Claim your prize: https://bit.ly/x1", "--explain", "--json")
    explanation = json.loads(ended.out)
    assert "raw" not in explanation["verdict"]
    assert explanation["judgements"] > 1
    assert explanation["counterfactuals"][0]["without"][0]["field"] == "text"


def test_an_explanation_has_the_thresholds_that_were_asked_for(run: Run) -> None:
    ended = run("check", "Claim your prize: https://bit.ly/x1", "--explain", "--threshold", "1")
    assert ended.status == 1
    assert "spam above 1," in ended.out
