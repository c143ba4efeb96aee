import gzip
import json
import math
from pathlib import Path

import pytest

from benchmarks.accuracy import (
    Scored,
    grouped,
    main,
    measure,
    read,
    recall_at,
    roc_auc,
    share,
    shown,
)


def scored(spam: list[float], ham: list[float]) -> list[Scored]:
    return [Scored(s, spam=True) for s in spam] + [Scored(s, spam=False) for s in ham]


@pytest.mark.parametrize(
    ("spam", "ham", "area"),
    [
        ([0.8, 0.9], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.8, 0.9], 0.0),
        ([0.5, 0.5], [0.5, 0.5], 0.5),
        ([0.4, 0.9], [0.1, 0.4], 0.875),
        ([0.35, 0.8], [0.1, 0.4], 0.75),
    ],
)
def test_roc_auc(spam: list[float], ham: list[float], area: float) -> None:
    assert roc_auc(scored(spam, ham)) == area


def test_nothing_to_measure_on() -> None:
    assert math.isnan(roc_auc(scored([0.5], [])))
    assert math.isnan(roc_auc(scored([], [0.5])))
    assert math.isnan(recall_at(scored([0.5], []), 0.01))
    assert math.isnan(share([], above=0.5))
    assert shown(measure([])) == ["0", "0", *["-"] * 6]


def test_recall_at_a_rate_of_false_positives() -> None:
    ham = [number / 1000 for number in range(200)]
    spam = [0.1, 0.1965, 0.1975, 0.9]
    assert recall_at(scored(spam, ham), 0.01) == 0.5  # 0.198 and 0.199 may lie above.
    assert recall_at(scored(spam, ham), 0.0) == 0.25


def test_the_edges_of_the_bands() -> None:
    figures = measure(scored([0.3, 0.7, 0.71, 0.29], [0.3, 0.7, 0.1, 0.0]))
    assert (figures.spam, figures.ham) == (4, 4)
    assert (figures.review_recall, figures.review_false) == (0.75, 0.5)
    assert (figures.spam_recall, figures.spam_false) == (0.25, 0.0)


def test_files(tmp_path: Path) -> None:
    rows = [{"text": "Act now!!! The online casino!!!", "label": "spam"}, {"text": "Good morning."}]
    rows[1]["label"] = "ham"
    with gzip.open(tmp_path / "mixed.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    found = list(read(tmp_path / "mixed.jsonl.gz"))
    assert [one.spam for one in found] == [True, False]
    assert found[0].score > 0.7 > found[1].score
    (tmp_path / "spam.jsonl").write_text('{"text": "x"}\n', "utf-8")
    assert [one.spam for one in read(tmp_path / "spam.jsonl")] == [True]


def test_ham_and_spam_of_one_folder_are_measured_together(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("ham.jsonl", "spam.jsonl", "other.jsonl.gz")]
    assert grouped(paths) == {tmp_path.name: paths[:2], "other": paths[2:]}


def test_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main([])
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 3
    assert table[2].split()[:3] == ["data", "196", "196"]
    (tmp_path / "mine.jsonl").write_text('{"text": "Good morning.", "label": "ham"}\n', "utf-8")
    main([str(tmp_path / "mine.jsonl")])
    line = capsys.readouterr().out.splitlines()[2].split()
    assert line == ["mine", "0", "1", "-", "-", "-", "0.000", "-", "0.000"]
