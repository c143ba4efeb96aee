from pathlib import Path

import pytest

from fastapi_spamshield.detectors.local.model import read, shipped, write
from fastapi_spamshield.training.fitting import Penalties
from tests.training.corpus import folder_with
from training import toxicity
from training.rows import own_rows
from training.toxicity import main, tweets, weight_of, written


def tweet(text: str, kind: str) -> dict[str, object]:
    return {"text": text, "label": "ham", "source": "t", "meta": {"class": kind}}


def test_tweets_by_their_class(tmp_path: Path) -> None:
    rows = [tweet("a", "offensive"), tweet("b", "hate"), tweet("c", "neither")]
    found = list(tweets(folder_with(tmp_path, {toxicity.TWEETS: rows})))
    assert [(row.text, row.spam) for row in found] == [("a", True), ("b", True), ("c", False)]
    assert [weight_of(row) for row in found] == [1.0, 1.0, 3.0]


def test_both_labels_in_many_languages() -> None:
    rows = list(written())
    assert len(rows) == len({row.text for row in rows})
    for toxic in (True, False):
        assert len({row.language for row in rows if row.spam == toxic}) >= 12
    assert {weight_of(row) for row in rows} == {toxicity.WRITTEN_WEIGHT}


def test_the_whole_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [tweet(f"you are stupid {n}", "offensive") for n in range(12)]
    rows += [tweet(f"we fed {n} ducks", "neither") for n in range(12)]
    ham: dict[str, object] = {"text": "Good morning", "label": "ham", "source": "s", "meta": {}}
    data = folder_with(tmp_path, {toxicity.TWEETS: rows, "sms_uci": [ham]})
    monkeypatch.setattr(toxicity, "USUAL", Penalties(steps=2))
    own = list(own_rows())[:40]
    monkeypatch.setattr(toxicity, "own_rows", lambda: iter(own))
    out = tmp_path / "toxicity.bin"
    main(["--data", str(data), "--out", str(out)])
    first = out.read_bytes()
    assert read(first, "toxicity").about["toxic"] == 12 + sum(row.spam for row in written())
    assert "ham_tweets_davidson" in capsys.readouterr().out
    main(["--out", str(out)])
    assert out.read_bytes() != first


def test_the_shipped_weights() -> None:
    model = shipped("toxicity")
    assert shipped("toxicity") is model
    assert model.about["toxic"] > 6_000
    assert len(write(model, "toxicity")) < 200_000
