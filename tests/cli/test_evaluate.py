import io
import json
import logging
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from fastapi_spamshield import Detection, DetectorError, Submission
from fastapi_spamshield.cli import corpora
from fastapi_spamshield.testing import SPAM_TEST_STRING
from tests.cli.conftest import Run
from tests.cli.test_serve import serving
from tests.evaluation.texts import always, write
from tests.support import Broken, Keyword

DETECTOR = "fastapi_spamshield.settings.SpamShieldSettings.make_detector"
SECRET = "Zyxwv"
ROWS: list[dict[str, Any]] = [
    *({"text": f"SPAM {n}", "label": "spam", "lang": "en"} for n in range(8)),
    *({"text": f"{SECRET} {n}", "label": "spam", "lang": "de"} for n in range(2)),
    *({"text": f"fine {n}", "label": "ham", "lang": "en"} for n in range(39)),
    {"text": f"{SECRET} SPAM", "label": "ham", "lang": "de"},
]


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return write(tmp_path / "texts.jsonl", ROWS)


@pytest.fixture
def keyword(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DETECTOR, always(Keyword()))


@pytest.mark.usefixtures("keyword")
def test_the_figures(run: Run, corpus: str) -> None:
    ended = run("eval", corpus, "--json", "--by", "lang", "--by", "kind")
    assert ended.status == 0
    found = json.loads(ended.out)
    assert found["detector"] == "keyword"
    figures = found["figures"]
    assert (figures["texts"], figures["spam"], figures["ham"], figures["unmeasured"]) == (
        50,
        10,
        40,
        0,
    )
    assert (figures["recall"]["value"], figures["false_positive_rate"]["value"]) == (0.8, 0.025)
    english, german = found["slices"]["lang"]
    assert (english["name"], english["figures"]["recall"]["value"]) == ("en", 1.0)
    assert (german["name"], german["figures"]["false_positive_rate"]["value"]) == ("de", 1.0)
    assert [one["name"] for one in found["slices"]["kind"]] == ["comment"]
    assert SECRET not in ended.out


@pytest.mark.usefixtures("keyword")
def test_the_table(run: Run, corpus: str, tmp_path: Path) -> None:
    ham = write(tmp_path / "ham.jsonl", [{"text": "fine", "label": "ham", "lang": "fr"}])
    french = run("eval", ham, "--by", "lang").out
    assert re.search(r"fr +0 +1 +- +- +- +0.0% ", french)  # Nothing to measure is no share.
    ended = run("eval", corpus, "--by", "lang", "--by", "source")
    assert ended.status == 0
    assert ended.err == ""  # No bar where there is no terminal.
    for told in (
        "50 (10 spam, 40 ham)",
        "80.0%",
        "49.0% to 94.3%",
        "2.50%",
        "(not given)",
        "By lang",
    ):
        assert told in ended.out, told
    assert SECRET not in ended.out


@pytest.mark.usefixtures("keyword")
@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--max-fpr", "0.2"], 0, "at most 20.0% demanded, and it is 2.50%."),
        (["--max-fpr", "0.03"], 0, "with so few texts, it may be otherwise"),
        (["--max-fpr", "0.02"], 1, "at most 2.00% demanded, and it is 2.50%."),
        (["--min-recall", "0.4"], 0, "at least 40.0% demanded, and it is 80.0%."),
        (["--min-recall", "0.9"], 1, "at least 90.0% demanded, and it is 80.0%."),
        (["--max-fpr", "0.2", "--min-recall", "0.9"], 1, "at least 90.0%"),
        (["--threshold", "1", "--max-fpr", "0"], 0, "at most 0.0% demanded, and it is 0.0%"),
    ],
)
def test_limits(run: Run, corpus: str, options: list[str], status: int, says: str) -> None:
    ended = run("eval", corpus, *options)
    assert ended.status == status
    assert says in ended.out


def test_what_is_not_measured_breaks_a_limit(
    run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(DETECTOR, always(Broken()))
    ended = run("eval", corpus, "--max-fpr", "1")
    assert ended.status == 1
    assert "unavailable 50" in ended.out
    assert "there was nothing to measure it on" in ended.out
    assert "Not measured: at most 1.00% demanded, and it is 100.0%" in ended.out
    assert run("eval", corpus, "--max-unmeasured", "1").status == 0
    assert not caplog.records  # Once for every text would be no help.
    assert logging.getLogger("fastapi_spamshield").level == logging.NOTSET


def test_a_corpus_that_can_not_be_used(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "texts.jsonl", [*ROWS, {"text": SECRET}])
    ended = run("eval", path)
    assert (ended.status, ended.out) == (2, "")
    assert f'{path}, line 51: "label" is missing' in ended.err
    assert SECRET not in ended.err
    assert run("eval", str(tmp_path / "nowhere")).status == 2
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(b""))))
    empty = run("eval", "-")
    assert (empty.status, empty.err) == (2, "spamshield: There are no texts in the corpus.\n")
    assert run("eval").status == 64


@pytest.mark.usefixtures("keyword")
def test_csv_and_fields_that_mean_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts.data"
    columns = ",".join(f"n{number}" for number in range(12))
    path.write_text(f"body,class,{columns}\nSPAM,spam,{'x,' * 11}x\nfine,ham,{'x,' * 11}x\n")
    ended = run("eval", str(path), "--text-column", "body", "--label-column", "class")
    assert ended.status == 0
    assert "2 (1 spam, 1 ham)" in ended.out
    assert "'n0'" in ended.out
    assert "and 2 more" in ended.out


@pytest.mark.usefixtures("keyword")
def test_a_report(run: Run, corpus: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert run("eval", corpus, "--report", str(page)).status == 0
    assert page.read_text("utf-8").count(SECRET) == 3
    assert run("eval", corpus, "--report", str(page), "--worst", "1").status == 0
    assert page.read_text("utf-8").count(SECRET) == 2
    assert run("eval", corpus, "--report", str(page), "--worst", "0").status == 0
    assert SECRET not in page.read_text("utf-8")
    ended = run("eval", corpus, "--report", str(tmp_path / "nowhere" / "report.html"))
    assert ended.status == 78
    assert "can't be written: No such file" in ended.err
    assert run("eval", corpus, "--report", str(tmp_path)).status == 78
    before = Path(corpus).read_bytes()
    ended = run("eval", corpus, "--report", corpus)
    assert (ended.status, Path(corpus).read_bytes()) == (78, before)
    assert "is a file of the corpus. Name another." in ended.err


@pytest.mark.usefixtures("keyword")
def test_names_can_not_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    row = {"text": "hello", "label": "ham", "source": "\x1b]0;x"}
    ended = run("eval", write(tmp_path / "texts.jsonl", [row]), "--by", "source")
    assert r"\x1b]0;x" in ended.out
    assert "\x1b]" not in ended.out


@pytest.mark.usefixtures("keyword")
def test_a_bar_where_somebody_looks(run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()

    def console(**_: object) -> Console:
        return Console(file=shown, force_terminal=True, width=100)

    monkeypatch.setattr(corpora, "Console", console)
    assert run("eval", corpus).status == 0
    assert "50 texts" in shown.getvalue()
    assert "100%" in shown.getvalue()


class Sometimes(Keyword):
    async def detect(self, submission: Submission) -> Detection:
        if submission.text.startswith(SECRET):
            raise DetectorError("rate_limited")
        found = await super().detect(submission)
        bands = (0.1, 0.2) if submission.text.endswith("1") else None
        return found.model_copy(update={"bands": bands, "detector": f"d{len(self.seen) % 2}"})


def test_a_detector_made_of_several(run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DETECTOR, always(Sometimes()))
    ended = run("eval", corpus, "--max-unmeasured", "0.1")
    assert ended.status == 0
    assert "rate_limited 3" in ended.out
    assert "Who measured: d1 24, d0 23." in ended.out
    assert "own thresholds applied to some texts" in ended.out


@pytest.mark.parametrize("fault", [(), ("--fault", "unavailable")])
def test_a_hosted_service(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: tuple[str, ...]
) -> None:
    rows = [{"text": SPAM_TEST_STRING, "label": "spam"}, {"text": "fine", "label": "ham"}]
    corpus = write(tmp_path / "texts.jsonl", rows)
    with serving("--key", "first-key", *fault) as url:
        for name, value in {
            "DETECTOR": "siftfy",
            "API_KEY": "first-key",
            "BASE_URL": url,
            "MODE": "only",
            "VERIFY": "skip",
            "RETRIES": "0",
        }.items():
            monkeypatch.setenv(f"SPAMSHIELD_{name}", value)
        ended = run("eval", corpus, "--json", "--max-fpr", "0")
    found = json.loads(ended.out)
    assert found["detector"] == "siftfy"
    if fault:
        assert (ended.status, found["answered"], found["errors"]) == (1, {}, {"unavailable": 2})
    else:
        assert (ended.status, found["answered"], found["errors"]) == (0, {"siftfy": 2}, {})
        assert found["figures"]["recall"]["value"] == 1
