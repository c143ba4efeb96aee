from collections import Counter
from typing import Any

import pytest

from benchmarks import remote
from benchmarks.load import Load, process


def test_no_two_comments_are_equal() -> None:
    assert len(set(remote.posts(100, 0) + remote.posts(100, 1))) == 200


def test_three_in_ten_of_the_stream_are_repeats() -> None:
    sent = remote.stream(2_000)
    assert len(sent) == 2_000
    assert 0.65 < len(set(sent)) / 2_000 < 0.75
    assert sent == remote.stream(2_000)


def test_figures_of_a_load() -> None:
    load = Load([0.001, 0.002, 0.003, 0.1], 2.0, [200] * 4, [b""] * 4)
    assert (load.rate, load.percentile(0.5), load.percentile(0.99)) == (2.0, 3.0, 100.0)


def test_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def measure(way: str, service: int, requests: list[bytes], connections: int) -> Any:
        rate = {"by-hand": 1.0, "requests": 2.0}.get(way, 0.5)
        load = Load([0.01] * 10, 10 * rate, [200] * 10, [remote.UNCHECKED] * 10)
        return remote.Measured(load, rate, connections)

    monkeypatch.setattr(remote, "measure", measure)
    remote.compare(1, 32, 100, 2)
    table = capsys.readouterr().out.splitlines()[2:]
    ratios = {line.split()[0]: line.split()[2] for line in table}
    assert ratios["by-hand"] == "1.00"
    assert ratios["requests"] == "0.50"
    assert ratios["spam_check"] == ratios["spam_check-aiohttp"] == "2.00"
    costs = {line.split()[0]: line.split()[6] for line in table}
    assert (costs["by-hand"], costs["spam_check"]) == ("1.00", "2.00")
    assert all("20 not checked" in line for line in table)


@pytest.mark.parametrize("way", ["by-hand", "spam_check-aiohttp"])
def test_a_way_under_load(way: str) -> None:
    with process("benchmarks.service") as (service, _):
        result, cpu, connections = remote.measure(way, service, remote.posts(40, 0), 4)
    assert cpu > 0
    assert Counter(result.statuses) == {200: 40}
    assert result.bodies.count(b'{"spam":false}') == 40
    assert 1 <= connections <= 8
