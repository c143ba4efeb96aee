import json
import sys
from pathlib import Path

import pytest

from fastapi_spamshield.detectors.local.loading import load
from fastapi_spamshield.training import comparison
from fastapi_spamshield.training.learning import Learned
from tests.cli.conftest import Run
from tests.evaluation.texts import write
from tests.training.corpus import texts


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return write(tmp_path / "texts.jsonl", texts(2))


def test_a_model_that_is_better(
    run: Run, corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "model.bin"
    ended = run("train", corpus, "--out", str(out), "--max-fpr", "0.01")
    assert ended.status == 0
    assert "192 texts, 96 spam; left out in turn: a fifth of 64 groups or sources" in ended.out
    assert "Your model is better on these texts" in ended.out
    assert "it takes 381 ham to promise 1.00%" in ended.out.lower()
    assert f"SPAMSHIELD_MODEL={out}\n" in ended.out
    recall = [json.loads(run("eval", corpus, "--json").out)["figures"]["recall"]["value"]]
    monkeypatch.setenv("SPAMSHIELD_MODEL", str(out))
    recall.append(json.loads(run("eval", corpus, "--json").out)["figures"]["recall"]["value"])
    assert recall[1] > 0.9 > recall[0]


def test_as_json_and_from_nothing(run: Run, corpus: str, tmp_path: Path) -> None:
    out = tmp_path / "model.bin"
    options = ["--own-only", "--prior", "0.2", "--seed", "3", "--json"]
    ended = run("train", corpus, "--out", str(out), *options)
    assert ended.status == 0
    assert json.loads(ended.out)["verdict"] == "better"
    about = load(out).about
    assert (about["own_only"], about["share"], about["seed"]) == (True, 0.2, 3)


@pytest.mark.parametrize(
    ("worse", "says"),
    [(True, "worse than the shipped one"), (False, "can't tell your model from the shipped")],
)
def test_a_model_that_is_not_better(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, worse: bool, says: str
) -> None:
    compare = comparison.compare

    def compared(learned: Learned, plan: object) -> comparison.Comparison:
        unseen = learned.shipped if worse else learned.unseen
        changed = learned._replace(unseen=unseen, shipped=learned.unseen)
        return compare(changed, plan)  # type: ignore[arg-type] # as it was given

    monkeypatch.setattr(comparison, "compare", compared)
    rows = ({**row, "group": "", "note": 1} for row in texts(2))
    out = tmp_path / "model.bin"
    ended = run("train", write(tmp_path / "texts.jsonl", rows), "--out", str(out))
    assert ended.status == int(worse)
    assert says in ended.out
    assert "texts that differ" in ended.out
    assert "ignored: 'note'" in ended.out
    assert out.exists()


def test_what_can_not_be_learned_from(run: Run, corpus: str, tmp_path: Path) -> None:
    out = tmp_path / "model.bin"
    few = write(tmp_path / "few.jsonl", [{"text": "x", "label": "ham"}])
    ended = run("train", few, "--out", str(out))
    assert (ended.status, out.exists()) == (2, False)
    assert "There are 0 texts of spam, and it takes 20" in ended.err
    assert run("train", corpus).status == 64
    ended = run("train", corpus, "--out", str(tmp_path / "nowhere" / "model.bin"))
    assert ended.status == 78
    assert "can't be written: No such file" in ended.err


@pytest.mark.parametrize("missing", ["scipy", "threadpoolctl"])
def test_a_missing_extra_says_how_to_install_it(
    run: Run, corpus: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(sys.modules):
        if name.startswith(("fastapi_spamshield.training.", f"{missing}.")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    ended = run("train", corpus, "--out", "x")
    assert ended.status == 78
    assert f"Training needs {missing}, which is not installed" in ended.err
    assert "pip install 'fastapi-spamshield[cli,train]'" in ended.err


def test_what_is_missing_otherwise_is_an_error(
    run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi_spamshield.training.comparison", None)
    ended = run("train", corpus, "--out", "x")
    assert ended.status == 70
    assert "ModuleNotFoundError" in ended.err
