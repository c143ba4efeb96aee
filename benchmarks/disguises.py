"""How much spam is still found when somebody has disguised it.

    python -m benchmarks.disguises [--data FOLDER]

English spam, each text judged by a model that has seen nothing of its corpus, video or campaign,
and no disguise of most of these kinds: `training/variants.py` makes others. Takes some minutes.
"""

import argparse
import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from benchmarks.accuracy import SPAM, row
from fastapi_spamshield.training.matrix import matrix_of
from training.learning import USUAL, Unseen, prior_of, texts_of, unseen
from training.rows import FOLDS, Row, corpus_rows, own_rows

MOST: Final = 450
"""So many texts are disguised, in each of the ways."""

Disguise = Callable[[str, random.Random], str]

_LETTERS = re.compile("[A-Za-z]{4,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SYMBOLS = dict(zip("aeilost", ("@", "€", "!", "|", "()", "$", "+"), strict=True))
_CHEROKEE = dict(zip("abcdeghijklmoprstwz", "ᎪᏏᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᎤᏢᏒᏚᎢᎳᏃ", strict=True))
_ARMENIAN = dict(zip("aounhgdjs", "ɑօսոհցժյѕ", strict=True))
_PADDING = (
    "By the way the meeting on Thursday moved to the small room, please bring the notes, thanks.",
    "I walked the dog along the river this morning and it was too foggy to see the bridge.",
    "Run the tests again after the update, because the loader changed between the two versions.",
)


def replaced(letters: Mapping[str, str], share: float) -> Disguise:
    """Letters exchanged for what looks like them."""

    def disguise(text: str, chance: random.Random) -> str:
        return "".join(
            letters.get(letter.lower(), letter) if chance.random() < share else letter
            for letter in text
        )

    return disguise


def moved(start: int, behind: str = "") -> Disguise:
    """Letters exchanged for the capitals of a block that begins here."""

    def disguise(text: str, _: random.Random) -> str:
        return "".join(
            f"{chr(start + ord(letter.upper()) - ord('A'))}{behind}"
            if letter.isascii() and letter.isalpha()
            else letter
            for letter in text
        )

    return disguise


def in_words(change: Callable[[str, random.Random], str], share: float) -> Disguise:
    """Longer words changed."""

    def disguise(text: str, chance: random.Random) -> str:
        return _LETTERS.sub(
            lambda word: change(word[0], chance) if chance.random() < share else word[0], text
        )

    return disguise


def _swapped(word: str, chance: random.Random) -> str:
    place = chance.randint(1, len(word) - 2)
    return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"


def _doubled(text: str, chance: random.Random) -> str:
    return "".join(c * chance.choice((1, 1, 2)) if c.isalpha() else c for c in text)


def _elsewhere(text: str, chance: random.Random) -> str:
    host = "".join(chance.choice("abcdefghijklmnop") for _ in range(8))
    return _LINK.sub(f"https://{host}.com/{host[:5]}", text)


DISGUISES: Final[Mapping[str, Disguise]] = MappingProxyType(
    {
        "none": lambda text, _: text,
        "symbols for letters": replaced(_SYMBOLS, 0.5),
        "Cherokee look-alikes": replaced(_CHEROKEE, 0.6),
        "Armenian and other look-alikes": replaced(_ARMENIAN, 0.7),
        "circled letters": moved(0x24B6),
        "squared letters": moved(0x1F130),
        "regional indicators": moved(0x1F1E6, "\N{ZERO WIDTH SPACE}"),
        "struck through": lambda text, _: "".join(
            f"{letter}\N{COMBINING LONG STROKE OVERLAY}" if letter.isalpha() else letter
            for letter in text
        ),
        "dots between letters": in_words(lambda word, _: ".".join(word), 0.6),
        "doubled letters": _doubled,
        "dropped vowels": in_words(lambda word, _: word[0] + re.sub("[aeiou]", "", word[1:]), 1.0),
        "swapped letters": in_words(_swapped, 0.6),
        "an ordinary sentence behind": lambda text, chance: f"{text} {chance.choice(_PADDING)}",
        "another link": _elsewhere,
    }
)
"""By name: a text and a source of chance make a disguised text."""


def chosen(rows: Sequence[Row], seed: int) -> list[Row]:
    """English spam, unchanged: at most `MOST` texts.

    Args:
        rows: Labelled texts.
        seed: Of the choice.
    """
    spam = [row for row in rows if row.spam and not row.variant and row.language == "en"]
    return random.Random(seed).sample(spam, min(MOST, len(spam)))


def found(rows: Sequence[Row], models: Unseen, prior: float, names: Sequence[str]) -> float:
    """The share above the default threshold, each judged by what has not seen its part.

    Args:
        rows: Spam.
        models: Of a cross-validation.
        prior: What is added to their log-odds.
        names: Of the signals that they know.
    """
    matrix = matrix_of([row.text for row in rows], names)
    log_odds = np.array([model.log_odds(matrix) for model in models.fits])
    seen = np.array([row.fold for row in rows])
    scores = 1 / (1 + np.exp(-(log_odds[seen, np.arange(len(rows))] + prior)))
    return float(np.mean(scores > SPAM))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disguises")
    parser.add_argument("--data", type=Path, help="a folder of corpora, see training/README.md")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args(arguments)
    texts = texts_of(
        [*own_rows(), *(corpus_rows(options.data) if options.data else ())], options.seed
    )
    models = unseen(texts, USUAL)
    prior = prior_of(texts, models.log_odds)
    spam = chosen(texts.rows, options.seed)
    print(row(f"{len(spam)} texts in {FOLDS} parts", ["recall"]))
    shares: list[float] = []
    for name, disguise in DISGUISES.items():
        chance = random.Random(options.seed)
        changed = [one._replace(text=disguise(one.text, chance)) for one in spam]
        shares.append(found(changed, models, prior, texts.matrix.names))
        print(row(name, [f"{shares[-1]:.3f}"]))
    print(row("mean of those disguised", [f"{np.mean(shares[1:]):.3f}"]))


if __name__ == "__main__":
    main()
