import asyncio
import json
from pathlib import Path

import pytest

from benchmarks import cascade
from benchmarks.load import free_port
from fastapi_spamshield import DetectorError, Submission

TEXTS = [
    ("Good morning, the second step fails on my machine.", "ham"),
    ("Act now!!! The online casino!!! Claim your prize: https://bit.ly/x", "spam"),
    ("A text that the service alone knows to be spam.", "spam"),
    ("", "ham"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    rows = [{"text": text, "label": label} for text, label in TEXTS]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def test_labels(file: Path) -> None:
    assert cascade.read([file]) == {text: label == "spam" for text, label in TEXTS[:3]}


@pytest.mark.parametrize(("wrong", "scores"), [(0.0, [0.02, 0.98]), (1.0, [0.98, 0.02])])
async def test_the_service_is_wrong_as_often_as_it_is_told_to(
    wrong: float, scores: list[float]
) -> None:
    oracle = cascade.Oracle({"a": False, "b": True}, wrong)
    found = [(await oracle.detect(Submission(text=text))).score for text in "ab"]
    assert found == scores
    with pytest.raises(DetectorError, match="an unknown text"):
        await oracle.detect(Submission(text="c"))


async def test_it_is_always_wrong_about_the_same_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "SECONDS", 0.0)
    labels = {f"text {number}": True for number in range(1_000)}
    found: list[list[float]] = []
    for _ in range(2):
        oracle = cascade.Oracle(labels, 0.1)
        found.append([(await oracle.detect(Submission(text=text))).score for text in labels])
    assert found[0] == found[1]
    assert 70 < sum(score < 0.5 for score in found[0]) < 130


def test_a_row() -> None:
    outcome = cascade.Outcome(calls=25, right=90, review=4, missed=5, refused=1)
    line = cascade.row("0.2 to 0.8", 100, outcome)
    assert line.split()[3:] == ["25", "75.0%", "90.0%", "4.0%", "5.0%", "1.0%"]


def test_the_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cascade.main([str(file), "--wrong", "0", "1"])
    first, second = capsys.readouterr().out.split("\n\n")
    lines = first.splitlines()
    assert lines[0] == "3 texts, 2 of them spam; service wrong about 0%"
    nothing, *_, everything = (line.split() for line in lines[2:])
    assert nothing[:3] == ["nothing", "0", "100.0%"]
    assert everything == ["everything", "3", "0.0%", "100.0%", "0.0%", "0.0%", "0.0%"]
    assert second.splitlines()[-1].split()[3:] == ["0.0%", "0.0%", "66.7%", "33.3%"]


def test_an_outage_is_no_figure() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(cascade.measure({"hello": True}, free_port(), (0.0, 1.0)))
    assert caught.group_contains(RuntimeError, match="did not answer")
