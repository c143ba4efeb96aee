import json
from collections import Counter
from pathlib import Path

import pytest

from tests.training.corpus import folder_with
from training.rows import FOLDS, OWN, Row, corpus_rows, number, own_rows

KINDS = {"comment", "contact", "chat", "forum", "review", "support", "signup", "outreach"}


def test_every_own_text_is_labelled_and_told_apart() -> None:
    seen: set[str] = set()
    for path in sorted(OWN.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert set(row) == {"text", "label", "lang", "kind", "campaign"}, path.name
            assert row["label"] in {"spam", "ham"}
            assert row["kind"] in KINDS, row["kind"]
            assert row["text"].strip()
            assert row["campaign"]
            seen.add(row["text"])
    assert len(seen) > 7_000


def test_every_language_has_both_labels() -> None:
    labels = Counter((row.language, row.spam) for row in own_rows())
    languages = {language for language, _ in labels}
    assert len(languages) >= 40
    assert all(labels[language, spam] >= 1 for language in languages for spam in (True, False))


def test_no_own_text_comes_twice() -> None:
    texts = [row.text for row in own_rows()]
    assert len(texts) == len(set(texts))


def test_a_campaign_stays_together() -> None:
    groups: dict[str, set[int]] = {}
    for row in own_rows():
        groups.setdefault(row.group, set()).add(row.fold)
    assert all(len(folds) == 1 for folds in groups.values())
    assert Counter(fold for folds in groups.values() for fold in folds).keys() == set(range(FOLDS))


def test_a_corpus_is_read_by_name(tmp_path: Path) -> None:
    one: dict[str, object] = {"text": "Hi", "label": "spam", "source": "x", "meta": {}}
    [read] = corpus_rows(folder_with(tmp_path, {"sms_uci": [one], "unlicensed": [one]}))
    assert read == Row("Hi", True, "sms_uci", "sms_uci", "en", part="sms_uci")


def test_a_corpus_that_is_missing_is_not_passed_over(tmp_path: Path) -> None:
    (folder_with(tmp_path, {}) / "mail_tr.jsonl.gz").unlink()
    with pytest.raises(SystemExit, match=r"Not there: \S+mail_tr.jsonl.gz. training/README.md"):
        list(corpus_rows(tmp_path))
    assert list(corpus_rows(tmp_path, ["sms_uci"])) == []


@pytest.mark.parametrize(
    ("name", "row", "source", "group"),
    [
        (
            "youtube_uci",
            {"source": "y", "meta": {"video": "Psy"}},
            "youtube_uci",
            "youtube_uci/Psy",
        ),
        ("ham_en", {"source": "tldr", "meta": {"lang": "en"}}, "ham_en/tldr", "tldr"),
        ("ham_reddit_goemotions", {"source": "g", "meta": {}}, *["ham_reddit_goemotions"] * 2),
    ],
)
def test_sources_and_groups(
    tmp_path: Path, name: str, row: dict[str, object], source: str, group: str
) -> None:
    [read] = corpus_rows(folder_with(tmp_path, {name: [{"text": "Hi", "label": "ham", **row}]}))
    assert (read.source, read.group, read.spam, read.own) == (source, group, False, False)


def test_a_number_is_always_the_same() -> None:
    assert [number("abc", 5), number("abd", 5)] == [number("abc", 5), number("abd", 5)]
    assert {number(str(text), 5) for text in range(50)} == set(range(5))
