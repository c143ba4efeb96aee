"""What corrections change, and what they cost.

    python -m benchmarks.learning [--topics] [--data FOLDER]

After 5, 20 and 100 corrections of one campaign, and as many of ordinary texts of its language: how
much of its other texts is called spam, and what becomes of everything else. The campaigns are made
of templates, and the engine has seen none of them. With `--topics`: the same with the campaigns of
the project's own texts, judged by models that were trained without them, which takes some minutes.
These are texts about one thing, each written by itself, so that they have little in common.

Then the time of a check, its memory, and the time of a correction.
"""

import argparse
import asyncio
import json
import math
import random
import statistics
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.campaigns import TEMPLATES, texts
from benchmarks.durations import texts as everyday
from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.detectors.local.corrections import Corrections, corrections_of
from fastapi_spamshield.detectors.local.curve import PRIOR
from fastapi_spamshield.detectors.local.evidence import SHARPNESS
from fastapi_spamshield.detectors.local.features import Features, features_of
from fastapi_spamshield.detectors.local.lessons import Lesson
from fastapi_spamshield.detectors.local.model import default_model
from fastapi_spamshield.models import Submission
from fastapi_spamshield.settings import SpamShieldSettings
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.stores.lesson_file import encoded
from training.learning import USUAL, texts_of, unseen
from training.rows import Row, corpus_rows, own_rows

COUNTS = (5, 20, 100)
SPAM = math.log(0.7 / 0.3)
"""Log-odds of the default threshold."""

CAMPAIGN = 200
FEWEST = 40
"""Campaigns with fewer texts in one language are left out."""

UNRELATED = 1_500
LESSONS = 10_000
TURNS = 15


class Text(NamedTuple):
    """A text, and what the engine thinks of it without any correction."""

    features: Features
    log_odds: float


class Change(NamedTuple):
    """What corrections of one campaign change."""

    recall: float
    recall_after: float
    false: float
    false_after: float
    others: float
    others_after: float
    moved: float
    ham_moved: float
    ham_moved_at_most: float


def lessons(spam: Sequence[Text], ham: Sequence[Text]) -> list[Lesson]:
    """Corrections of some texts."""
    told = [(True, one) for one in spam] + [(False, one) for one in ham]
    return [
        Lesson(f"f{number}", f"v{number}", label, None, one.features)
        for number, (label, one) in enumerate(told)
    ]


def share(found: Sequence[Text], corrections: Corrections | None) -> float:
    """How much of some texts is called spam."""
    return statistics.fmean(
        one.log_odds + (corrections.shift(*one.features) if corrections else 0.0) > SPAM
        for one in found
    )


def change(
    taught: Sequence[Text],
    ham: Sequence[Text],
    campaign: Sequence[Text],
    unrelated: Sequence[Text],
    others: Sequence[Text],
) -> Change:
    """What is called spam before and after some corrections."""
    after = corrections_of(lessons(taught, ham))
    assert after is not None  # noqa: S101 - there are some
    moved = [after.shift(*one.features) for one in campaign]
    ham_moved = [abs(after.shift(*one.features)) for one in unrelated]
    return Change(
        share(campaign, None),
        share(campaign, after),
        share(unrelated, None),
        share(unrelated, after),
        share(others, None),
        share(others, after),
        statistics.median(moved),
        statistics.fmean(ham_moved),
        float(np.quantile(ham_moved, 0.99)),
    )


def judged(text: str) -> Text:
    """A text as the engine that is shipped sees it."""
    score = LocalDetector().judge(Submission(text=text)).score
    weight = math.log(score / (1 - score)) + PRIOR
    # What `weigh` makes of log-odds, backwards: it lets no text go below 0.
    log_odds = math.log(math.expm1(SHARPNESS * weight)) / SHARPNESS - PRIOR if weight > 0 else -9.0
    return Text(features_of(text), log_odds)


def show(name: str, changes: Sequence[Change]) -> None:
    """One line of the table."""
    mean = Change(*(statistics.fmean(one) for one in zip(*changes, strict=True)))
    parts = [
        f"{mean.recall:6.1%} -> {mean.recall_after:6.1%}",
        f"{mean.false:6.2%} -> {mean.false_after:6.2%}",
        f"{mean.others:6.1%} -> {mean.others_after:6.1%}",
        f"{mean.moved:+.2f}",
        f"{mean.ham_moved:.3f}",
        f"{mean.ham_moved_at_most:.2f}",
    ]
    print(f"{name:28}" + "".join(f"{part:>20}" for part in parts))


def of_templates(rows: Sequence[Row], counts: Sequence[int]) -> Iterator[tuple[str, list[Change]]]:
    """What corrections of the campaigns that are made of templates change."""
    draw = random.Random(0)
    rows = [one for one in rows if not one.variant]
    ham = {
        language: [one for one in rows if not one.spam and one.language == language]
        for language in ("en", "de")
    }
    for some in ham.values():
        draw.shuffle(some)
    known = {
        language: [judged(one.text) for one in some[: max(counts)]]
        for language, some in ham.items()
    }
    taken = {one.text for some in ham.values() for one in some[: max(counts)]}
    rest = draw.sample(
        [one for one in rows if one.text not in taken], min(3 * UNRELATED, len(rows) - len(taken))
    )
    unrelated = [judged(one.text) for one in rest if not one.spam][:UNRELATED]
    others = [judged(one.text) for one in rest if one.spam][:UNRELATED]
    campaigns = {name: [judged(one) for one in texts(name, CAMPAIGN, 1)] for name in TEMPLATES}
    for count in counts:
        yield (
            f"templates, {count} corrections",
            [
                change(
                    some[:count],
                    known["de" if name == "seiten" else "en"][:count],
                    some[CAMPAIGN // 2 :],
                    unrelated,
                    others,
                )
                for name, some in campaigns.items()
            ],
        )


def of_topics(
    rows: Sequence[Row], log_odds: Sequence[float], counts: Sequence[int]
) -> Iterator[tuple[str, list[Change]]]:
    """What corrections of the campaigns of the project's own texts change."""
    draw = random.Random(0)
    known = [
        (row, Text(features_of(row.text), odds))
        for row, odds in zip(rows, log_odds, strict=True)
        if row.own and not row.variant
    ]
    sizes = Counter((row.group, row.language) for row, _ in known if row.spam)
    for count in counts:
        changes: list[Change] = []
        for (group, language), size in sizes.items():
            if size < max(FEWEST, 1.4 * count):
                continue
            own = [
                one
                for row, one in known
                if row.spam and (row.group, row.language) == (group, language)
            ]
            ham = [one for row, one in known if not row.spam and row.language == language]
            far = [one for row, one in known if not row.spam and row.language != language]
            others = [one for row, one in known if row.spam and row.group != group]
            for some in (own, ham, far, others):
                draw.shuffle(some)
            half = min(count, size // 2)
            changes.append(
                change(
                    own[:half],
                    ham[:half],
                    own[half:],
                    [*ham[half:], *far][:UNRELATED],
                    others[:UNRELATED],
                )
            )
        if changes:
            yield f"topics, {count} corrections ({len(changes)})", changes


def microseconds(shield: Shield, submissions: Sequence[Submission]) -> float:
    """Processor time of a check."""

    async def check() -> float:
        start = time.process_time()
        for one in submissions:
            await shield.check(one)
        return (time.process_time() - start) / len(submissions) * 1e6

    return asyncio.run(check())


def filled(count: int) -> list[Lesson]:
    """As many lessons of different texts as that, of both labels."""
    some = [text for name in TEMPLATES for text in texts(name, count // 10, 2)]
    found = [judged(one) for one in some[: count // 2]]
    draw = random.Random(1)
    words = " ".join(everyday(130)).split()
    ham = [judged(" ".join(draw.choices(words, k=25))) for _ in range(count - len(found))]
    return lessons(found, ham)


def cost(counts: Sequence[int]) -> None:
    """Print what remembering and learning cost."""
    submissions = [Submission(text=one) for one in everyday(130)] * 20
    off, on, full = (
        Shield(settings=SpamShieldSettings(remember=remember)) for remember in (0.0, 60.0, 60.0)
    )
    many = filled(max(counts))
    set_lessons(full, many)
    kinds = {
        "nothing is remembered": off,
        "remembered, no corrections": on,
        f"remembered, {len(many):,} corrections": full,
    }
    best = dict.fromkeys(kinds, math.inf)
    for _ in range(TURNS):  # By turns, since the machine is not always equally fast.
        for name, shield in kinds.items():
            best[name] = min(best[name], microseconds(shield, submissions))
    first = best["nothing is remembered"]
    for name, found in best.items():
        print(f"One check of 130 characters, {name}: {found:.1f} us, {found / first:.3f} times")
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    remembering = Shield(settings=SpamShieldSettings(remember=60.0))
    for number in range(3):
        microseconds(remembering, [Submission(text=f"{one.text} {number}") for one in submissions])
    after, _ = tracemalloc.get_traced_memory()
    print(f"One verdict that is remembered: {(after - before) / 3 / len(submissions):,.0f} bytes")
    before, _ = tracemalloc.get_traced_memory()
    copies = [
        one._replace(features=Features(one.features.digest, one.features.grams.copy()))
        for one in many
        if one.features
    ]
    corrections = corrections_of(copies)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{len(copies):,} corrections: {(after - before) / 1e6:.1f} MB, {bool(corrections)}")
    for name, work in (
        ("to count them anew, in a thread", partial(corrections_of, many)),
        ("to write them into a file, in a thread", partial(encoded, many)),
    ):
        start = time.process_time()
        work()
        print(f"{len(many):,} corrections, {name}: {(time.process_time() - start) * 1e3:.0f} ms")


def set_lessons(shield: Shield, some: Sequence[Lesson]) -> None:
    """Give a shield what it would have learned."""
    shield._learning._set({one.id: one for one in some})  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # many at once


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning")
    parser.add_argument("--topics", action="store_true", help="also the project's own campaigns")
    parser.add_argument("--data", type=Path, help="a folder of corpora, see training/README.md")
    parser.add_argument("--lessons", type=int, default=LESSONS)
    parser.add_argument("--counts", type=json.loads, default=list(COUNTS))
    options = parser.parse_args(arguments)
    heads = [
        "campaign found",
        "ham called spam",
        "other spam found",
        "it moved",
        "ham moved",
        "99 % below",
    ]
    print(f"{'':28}" + "".join(f"{head:>20}" for head in heads))
    rows = list(own_rows())
    for name, changes in of_templates(rows, options.counts):
        show(name, changes)
    if options.topics:
        every = [*rows, *(corpus_rows(options.data) if options.data else ())]
        known = texts_of(every, 5)
        log_odds = unseen(known, USUAL).log_odds + float(default_model().about["prior"])
        for name, changes in of_topics(known.rows, log_odds.tolist(), options.counts):
            show(name, changes)
    cost([options.lessons])


if __name__ == "__main__":
    main()
