import numpy as np

from fastapi_spamshield.training.folds import FOLDS, folds_of
from tests.evaluation.texts import row


def test_groups_are_never_split_and_labels_are_spread() -> None:
    rows = [row(f"{n}", spam=n % 3 == 0, group=f"g{n % 40}", source="x") for n in range(400)]
    folds = folds_of(rows, 1)
    assert (folds.by, folds.too_few, len(set(folds.groups.tolist()))) == ("group", False, 40)
    for group in range(40):
        assert len(set(folds.places[folds.groups == group].tolist())) == 1
    spam = np.array([one.spam for one in rows])
    for label in (spam, ~spam):
        counts = np.bincount(folds.places[label], minlength=FOLDS)
        assert counts.max() - counts.min() <= 10


def test_a_source_is_a_group_where_there_is_none() -> None:
    rows = [row(f"{n}", spam=n % 2 == 0, source=f"s{n % 10 // 2}") for n in range(100)]
    folds = folds_of(rows, 1)
    assert (folds.by, len(set(folds.groups.tolist()))) == ("group", 5)
    assert sorted(np.bincount(folds.places).tolist()) == [20] * 5


def test_too_few_sources_are_split_and_it_says_so() -> None:
    rows = [row(f"{'abcdefghij'[n]} text", spam=n % 2 == 0, source=f"s{n % 4}") for n in range(10)]
    folds = folds_of(rows, 1)
    assert (folds.by, folds.too_few, len(set(folds.groups.tolist()))) == ("text", True, 10)


def test_texts_that_begin_alike_stay_together() -> None:
    rows = [row(f"Buy {n} backlinks, {'really ' * 10} number {n}!") for n in range(9)]
    rows += [row(f"Another {name}") for name in "abcdefg"]
    folds = folds_of(rows, 1)
    assert (folds.by, folds.too_few, len(set(folds.groups[:9].tolist()))) == ("text", False, 1)
    assert len(set(folds.groups.tolist())) == 8


def test_the_seed_decides() -> None:
    rows = [row(f"{'abcdefghijklmnopqrst'[n]} text", spam=n % 2 == 0) for n in range(20)]
    first = folds_of(rows, 1).places.tolist()
    assert first == folds_of(rows, 1).places.tolist()
    assert any(first != folds_of(rows, seed).places.tolist() for seed in range(2, 9))
