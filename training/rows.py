"""The labelled texts: where they are, and which of them may not stand on both sides of a test."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

OWN = Path(__file__).parent / "texts"
FOLDS = 5

LICENSED = frozenset(
    (
        *("youtube_uci", "sms_uci", "sms_mt_multilingual", "telegram_ru_monalenka", "mail_tr"),
        *("ham_reddit_goemotions", "ham_tweets_davidson", "ham_links_en", "ham_links_multi"),
        *("ham_en", "ham_multi"),
    )
)
"""The corpora whose licence allows to train on them; README.md says where they come from."""

SINGLE = frozenset(("ham_reddit_goemotions", "ham_tweets_davidson"))


class Row(NamedTuple):
    """A labelled text.

    Attributes:
        text: What somebody wrote.
        spam: Whether it is spam.
        source: Where it comes from; sources weigh alike.
        group: What must not be split: a corpus, a video, a campaign.
        language: ISO 639-1, as far as it is known.
        variant: How it was changed; empty: not at all.
        part: The file that it stands in, without its endings.
    """

    text: str
    spam: bool
    source: str
    group: str
    language: str
    variant: str = ""
    part: str = ""

    @property
    def own(self) -> bool:
        """Whether it was written for this project."""
        return self.source.startswith("own/")

    @property
    def fold(self) -> int:
        """Which part of a cross-validation it is left out with."""
        return FIXED.get(self.group, number(self.group, FOLDS))


FIXED = {
    # The large ones and the five videos, spread by hand: no part is without either label.
    "sms_uci": 0,
    "sms_mt_multilingual": 0,
    "telegram_ru_monalenka": 1,
    "mail_tr": 2,
    "ham_reddit_goemotions": 3,
    "ham_tweets_davidson": 4,
    "youtube_uci/Psy": 0,
    "youtube_uci/KatyPerry": 1,
    "youtube_uci/LMFAO": 2,
    "youtube_uci/Eminem": 3,
    "youtube_uci/Shakira": 4,
}


def number(text: str, below: int) -> int:
    """A number that is always the same for the same text.

    Args:
        text: Any.
        below: The number of possible results.
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


def own_rows(folder: Path = OWN) -> Iterator[Row]:
    """The texts that were written for this project, each once.

    Args:
        folder: Of files of JSON lines.
    """
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row: dict[str, str] = json.loads(line)
            if row["text"] not in seen:
                seen.add(row["text"])
                spam = row["label"] == "spam"
                campaign = re.split(r"[-_ ]", row["campaign"].lower())[0][:6]
                language = row["lang"]
                source, group = f"own/{language}", f"own/{campaign}"
                yield Row(row["text"], spam, source, group, language, part=path.stem)


def digest_of(rows: Iterable[Row]) -> str:
    """The SHA-256 of those rows that were written for this project, in their order.

    Args:
        rows: Any.
    """
    digest = hashlib.sha256()
    for row in rows:
        if row.own:
            digest.update(json.dumps([row.text, row.spam, row.language]).encode())
    return digest.hexdigest()


def corpus_rows(folder: Path, names: Iterable[str] = LICENSED) -> Iterator[Row]:
    """The texts of the corpora whose licence allows to train on them.

    Args:
        folder: Of files of JSON lines, compressed with gzip and named as in `LICENSED`.
        names: Which of them.

    Raises:
        SystemExit: One is not there: without it the weights would be others.
    """
    paths = {name: folder / f"{name}.jsonl.gz" for name in sorted(names)}
    missing = [str(path) for path in paths.values() if not path.exists()]
    if missing:
        raise SystemExit(
            f"Not there: {', '.join(missing)}. training/README.md says where the corpora come from"
        )
    for name, path in paths.items():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield _row(name, json.loads(line))


def _row(name: str, row: dict[str, Any]) -> Row:
    source = group = name
    if name == "youtube_uci":
        group = f"{name}/{row['meta']['video']}"
    elif name.startswith("ham_") and name not in SINGLE:
        source, group = f"{name}/{row['source']}", row["source"]
    language = row["meta"].get("lang", "en")
    return Row(row["text"], row["label"] == "spam", source, group, language, part=name)
