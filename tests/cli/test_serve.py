import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from siftfy import Siftfy

from fastapi_spamshield import SpamShieldSettings
from fastapi_spamshield.cli.serve import _whatever_clients_ask_for
from fastapi_spamshield.testing import SPAM_TEST_STRING
from tests.cli.conftest import Run


@contextmanager
def serving(*arguments: str) -> Generator[str]:
    command = [sys.executable, "-m", "fastapi_spamshield", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            lines: list[str] = []
            for line in process.stderr:
                lines.append(line)
                if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                    yield found[1]
                    break
            else:
                pytest.fail("".join(lines))
        finally:
            process.terminate()


def test_a_published_client_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_KEYS", "second-key")
    with serving("--key", "first-key") as url:
        for key in ("first-key", "second-key"):
            with Siftfy(api_key=key, base_url=url) as client:
                assert client.predict(SPAM_TEST_STRING).likelihood == "high"
        assert httpx.post(f"{url}/v1/predict", json={"text": "hello"}).status_code == 401


def test_clients_get_what_they_ask_for_beside_spam() -> None:
    question = {"text": "Call +44 7700 900123", "return_sanitized": True, "detect_toxicity": True}
    with serving() as url:
        answer = httpx.post(f"{url}/api/v1/ai/spam-detection", json=question).json()
    assert answer["data"]["result"]["sanitized_text"] == "Call [REMOVED]"
    assert answer["data"]["result"]["is_toxic"] is False


def test_a_hosted_service_is_not_asked_for_what_nobody_set() -> None:
    for settings in (
        SpamShieldSettings(detector="rsflowhub", api_key="key"),
        SpamShieldSettings(detect_toxicity=False, detect_pii=False, return_sanitized=False),
    ):
        asked = _whatever_clients_ask_for(settings)
        assert (asked.detect_toxicity, asked.detect_pii, asked.return_sanitized) == (False,) * 3


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been served, and how."""
    seen: list[dict[str, Any]] = []

    def serve(app: Any, **options: Any) -> None:
        seen.append({"app": app, **options})

    monkeypatch.setattr("uvicorn.run", serve)
    return seen


async def asked(app: Any, times: int = 1) -> list[int]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        return [
            (await client.post("/api/v1/check", json={"message": "hello"})).status_code
            for _ in range(times)
        ]


def test_by_default_it_is_for_this_machine(run: Run, started: list[dict[str, Any]]) -> None:
    ended = run("serve")
    assert ended.status == 0
    assert "http://127.0.0.1:8787, no key: programs on this machine only" in ended.err
    [options] = started
    assert (options["host"], options["port"]) == ("127.0.0.1", 8787)
    assert options["access_log"] is False


def test_no_other_machine_may_ask_without_a_key(run: Run, started: list[dict[str, Any]]) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1"):  # noqa: S104 - it is what is refused
        ended = run("serve", "--host", host)
        assert ended.status == 78
        assert "SPAMSHIELD_KEYS" in ended.err
    assert started == []
    ended = run("serve", "--host", "::", "--key", "planted-key")
    assert ended.status == 0
    assert "http://[::]:8787, 1 keys" in ended.err
    assert "planted" not in ended.err


async def test_limits(run: Run, started: list[dict[str, Any]]) -> None:
    for arguments in (["--per-minute", "1"], ["--per-month", "1"], ["--unlimited"], []):
        assert run("serve", *arguments).status == 0
    minute, month, unlimited, stated = (options["app"] for options in started)
    assert await asked(minute, 2) == [200, 429]
    assert await asked(month, 2) == [200, 429]
    assert set(await asked(unlimited, 52)) == {200}
    assert (await asked(stated, 52)).count(429) == 2
    assert run("serve", "--unlimited", "--per-minute", "1").status == 78


async def test_it_fails_on_purpose(run: Run, started: list[dict[str, Any]]) -> None:
    ended = run("serve", "--fault", "status=418:0.5", "--fault", "unavailable:0.5")
    assert ended.status == 0
    assert "status=418:0.5, unavailable:0.5" in ended.err
    [options] = started
    assert set(await asked(options["app"], 20)) == {418, 503}
    assert run("serve", "--fault", "hung").status == 78
