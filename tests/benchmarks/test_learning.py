import numpy as np
import pytest

from benchmarks import learning
from benchmarks.campaigns import TEMPLATES, texts
from training.learning import Texts, Unseen
from training.rows import Row


def rows() -> list[Row]:
    found: list[Row] = []
    for language, name in (("en", "kitchens"), ("de", "seiten")):
        for number, text in enumerate(texts(name, 60, 3)):
            found.append(
                Row(f"Nr. {number}: {text[::-1]}", False, f"own/{language}", "h", language)
            )
            found.append(Row(text, True, f"own/{language}", f"s/{name}", language))
    return found


@pytest.mark.parametrize("campaign", TEMPLATES)
def test_texts_of_a_campaign_differ(campaign: str) -> None:
    found = texts(campaign, 50, 1)
    assert len(set(found)) == 50
    assert found == texts(campaign, 50, 1)
    assert found != texts(campaign, 50, 2)
    assert not any(set("{|}") & set(text) for text in found)


def test_the_tables(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    some = rows()

    def texts_of(given: list[Row], seed: int) -> Texts:
        matrix: object = None
        return Texts(given, matrix, np.array([]), np.array([]))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def unseen(given: Texts, _: object) -> Unseen:
        return Unseen([], np.full(len(given.rows), -2.0))

    monkeypatch.setattr(learning, "own_rows", lambda: iter(some))
    monkeypatch.setattr(learning, "texts_of", texts_of)
    monkeypatch.setattr(learning, "unseen", unseen)
    monkeypatch.setattr(learning, "CAMPAIGN", 30)
    monkeypatch.setattr(learning, "TURNS", 1)
    learning.main(["--topics", "--lessons", "40", "--counts", "[5]"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("templates, 5 corrections")
    before, after = (float(part.strip("%")) for part in lines[1].split()[3:6:2])
    assert after > before + 50
    assert lines[2].startswith("topics, 5 corrections (2)")
    assert lines[2].split()[4:6] == ["0.0%", "->"]
    assert float(lines[2].split()[6].strip("%")) > 50
    assert any("40 corrections" in line for line in lines[3:])
