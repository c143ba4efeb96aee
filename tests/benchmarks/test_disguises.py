import random

import numpy as np
import pytest

from benchmarks import disguises
from benchmarks.disguises import DISGUISES, chosen, found
from fastapi_spamshield.training.fitting import Fit, Penalties
from fastapi_spamshield.training.matrix import matrix_of
from training.learning import Unseen
from training.rows import FOLDS, Row

TEXT = "Cheap followers, see https://shop.example/a now"


@pytest.mark.parametrize("name", [name for name in DISGUISES if name != "none"])
def test_a_disguise_changes_a_text_and_the_same_chance_the_same_way(name: str) -> None:
    first, again = (DISGUISES[name](TEXT, random.Random(3)) for _ in range(2))
    assert first == again != TEXT


def test_what_is_disguised_is_english_spam() -> None:
    spam = Row("a", True, "own/en", "own/a", "en")
    rows = [
        spam,
        spam._replace(spam=False),
        spam._replace(language="de"),
        spam._replace(variant="link"),
    ]
    assert chosen(rows, 1) == [spam]


def test_each_text_is_judged_by_the_model_that_has_not_seen_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = Row("a", True, "own/en", "own/a", "en")
    matrix = matrix_of(["a"])
    width = matrix.grams.shape[1]
    fits = [Fit(np.zeros(width), np.zeros(0), 9.0 if n == row.fold else -9.0) for n in range(FOLDS)]
    assert found([row], Unseen(fits, np.zeros(1)), 0.0, ()) == 1.0
    assert found([row], Unseen(fits, np.zeros(1)), -18.0, ()) == 0.0


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disguises, "own_rows", few)
    monkeypatch.setattr(disguises, "USUAL", Penalties(steps=2))
    disguises.main([])
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith(f"24 texts in {FOLDS} parts")
    assert len(table) == len(DISGUISES) + 2


def few() -> list[Row]:
    spam = [
        Row(f"Buy {n} cheap followers at once", True, "own/en", f"own/{n}", "en") for n in range(24)
    ]
    ham = [
        Row(f"We fed the {n} ducks", False, "ham_reddit_goemotions", f"own/{n}", "en")
        for n in range(24)
    ]
    return [*spam, *ham]
