import numpy as np
import pytest

from benchmarks import parts
from benchmarks.parts import VARIANTS, figures, part_of
from fastapi_spamshield.training.fitting import Penalties
from fastapi_spamshield.training.matrix import matrix_of
from training.learning import Texts
from training.rows import Row


def row(text: str, *, spam: bool, part: str, language: str = "en", number: int = 0) -> Row:
    source = f"own/{language}" if part in {"chat", "world"} else part
    return Row(text, spam, source, f"g{number}", language, part=part)


def test_a_changed_copy_belongs_to_no_file() -> None:
    assert part_of(row("a", spam=True, part="chat")) == "chat"
    assert part_of(row("a", spam=True, part="chat")._replace(variant="link")) == VARIANTS


def test_figures() -> None:
    rows = [
        row("a", spam=True, part="sms_uci"),
        row("b", spam=False, part="sms_uci"),
        row("c", spam=True, part="chat"),
        row("d", spam=False, part="chat"),
        row("e", spam=True, part="world", language="de"),
        row("f", spam=False, part="world", language="de"),
        row("g", spam=False, part="ham_tweets_davidson"),
        row("h", spam=False, part="ham_links_en"),
    ]
    texts = Texts(rows, matrix_of(["a"]), np.array([one.spam for one in rows]), np.ones(len(rows)))
    scores = np.array([0.9, 0.1, 0.9, 0.1, 0.2, 0.8, 0.1, 0.9])
    shown = figures(texts, scores, np.ones(len(rows), np.bool_))
    assert shown == (1.0, 1.0, 0.0, 0.5, 0.5, 1.0, 0.0)
    alone = figures(texts, scores, np.arange(len(rows)) == 6)
    assert alone.rude == 1.0
    assert np.isnan([alone.corpora, alone.recall, alone.edited]).all()


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "own_rows", few)
    monkeypatch.setattr(parts, "USUAL", Penalties(steps=2))
    parts.main(["chat"])
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["part", "texts"]
    assert line.split()[:2] == ["chat", "24"]


def few() -> list[Row]:
    made: list[Row] = []
    for n in range(24):
        made.append(row(f"Buy {n} cheap followers at once", spam=True, part="chat", number=n))
        made.append(row(f"Win {n} free coins at once", spam=True, part="world", number=n))
        ham = row(f"We fed the {n} ducks", spam=False, part="ham_reddit_goemotions", number=n)
        made.append(ham)
    return made
