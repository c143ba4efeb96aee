from dataclasses import replace
from typing import Any

import pytest

from fastapi_spamshield import LocalDetector, SpamShieldSettings
from fastapi_spamshield.dialects.base import Usage
from fastapi_spamshield.shield import Shield
from tests.detectors.hosted import remote, shield
from tests.faults import FaultServer
from tests.plain import Basic, Plain


async def test_usage(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answers["/ok/usage"] = [{"used": 3, "limit": 10, "period": "month"}, 500]
    async with shield(server, Plain(), retries=0) as running:
        await running.open(LocalDetector())
        assert await running.usage() == {"plain": Usage(3, 10, None, "month")}
        assert server.seen[-1].method == "GET"
        assert await running.usage() == {}
    assert "Detector plain: no usage: unavailable" in caplog.text
    async with shield(server) as running:
        assert await running.usage() == {}


async def test_usage_that_hangs(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    detector = remote(server, Plain(), base_url=server.at("hang"), timeout=0.05)
    for one in (detector, replace(detector, timeout=30)):
        settings = SpamShieldSettings(timeout=30 if one is detector else 0.05)
        async with Shield(one, settings=settings) as running:
            assert await running.usage() == {}
    warned = [record.getMessage() for record in caplog.records]
    assert warned == ["Detector plain: no usage: timeout"] * 2


async def test_usage_of_two_accounts(server: FaultServer) -> None:
    async with shield(server, per_month=10) as running:
        for month, name in ((20, "plain"), (30, "other"), (40, "plain")):
            await running.open(remote(server, Basic(name=name), per_month=month))
        usage = await running.usage()
        assert {name: one.limit for name, one in usage.items()} == {
            "plain": 10,
            "plain (2)": 20,
            "other": 30,
            "plain (3)": 40,
        }
        assert [one.detector for one in running.health()] == ["plain", "plain", "other", "plain"]


async def test_an_account_keeps_its_number_whatever_the_others_say(server: FaultServer) -> None:
    async with shield(server) as running:
        await running.open(remote(server, per_month=20))
        assert await running.usage() == {"plain (2)": Usage(0, 20, 20, "month")}


async def test_questions_about_the_account_cost_no_checks(server: FaultServer) -> None:
    server.answers["/ok/verify"] = [503, 200]
    server.answers["/ok/usage"] = [503, {"used": 3.0}, 500]
    options: Any = {"per_minute": 1, "breaker_failures": 1, "verify": "error"}
    async with shield(server, Plain(), **options) as running:
        assert await running.usage() == {"plain": Usage(3.0)}
        [health] = running.health()
        assert (health.breaker, health.error, health.since) == ("closed", None, None)
        assert (await running.check("hello")).status == "checked"
        assert (await running.check("bye")).error == "rate_limited"
        assert await running.usage() == {}
        [health] = running.health()
        assert (health.breaker, health.error) == ("closed", "rate_limited")
    assert (server.paths["/ok/verify"], server.paths["/ok/usage"]) == (2, 5)
