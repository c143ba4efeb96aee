import numpy as np
import pytest

from benchmarks.crossvalidation import figures, groups, show
from training.rows import Row


def row(text: str, source: str, *, spam: bool, group: str = "g", variant: str = "") -> Row:
    return Row(text, spam, source, group, "en", variant)


ROWS = [
    row("a", "own/en", spam=True),
    row("see https://a.example", "own/en", spam=False),
    row("b" * 600, "own/de", spam=False)._replace(language="de"),
    row("c", "youtube_uci", spam=True, group="youtube_uci/Psy"),
    row("d", "ham_reddit_goemotions", spam=False),
    row("e", "ham_en/tldr", spam=False),
    row("f", "own/en", spam=True, variant="disguise"),
]


def test_what_is_shown_together() -> None:
    found = {name: np.flatnonzero(chosen).tolist() for name, chosen in groups(ROWS).items()}
    assert found["own, English"] == [0, 1]
    assert found["own, other languages"] == found["own, 500 characters and more"] == [2]
    assert found["own, with a link"] == [1]
    assert found["youtube_uci"] == found["youtube_uci/Psy"] == [3]
    assert found["ham_en"] == [5]
    assert found["ordinary messages"] == [4]
    assert found["variants, disguise"] == [6]
    assert "variants, long" not in found


def test_figures_of_ham_alone() -> None:
    shown = figures(np.array([0.1, 0.8]), np.array([False, False]))
    assert shown[:7] == ["0", "2", "-", "-", "-", "-", "0.500"]


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    ham = [row(str(n), "ham_reddit_goemotions", spam=False) for n in range(50)]
    rows = [*ROWS, *ham]
    spam = np.array([one.spam for one in rows])
    show(rows, spam, np.where(spam, 0.9, 0.1))
    table = capsys.readouterr().out
    assert "own, English" in table
    assert table.endswith("worst of 1 languages: en 0.00%\n")
