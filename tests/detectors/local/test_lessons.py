from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.lessons import ALWAYS, SHARE, Lesson, counting
from tests.detectors.local.lessons import SPAM, lesson, taught

REPORTERS = st.none() | st.sampled_from(["ann", "bob", "eve"])
TEXTS = [f"{SPAM[0]} {word}" for word in "abcdefghijklmnopqrstuvwxyz"]
FEATURES = [lesson(0, text).features for text in TEXTS]


@st.composite
def some_lessons(draw: st.DrawFn) -> list[Lesson]:
    drawn = draw(st.lists(st.tuples(st.integers(0, 25), st.booleans(), REPORTERS), max_size=60))
    return [
        lesson(number, None, spam=spam, reporter=who, features=FEATURES[text])
        for number, (text, spam, who) in enumerate(drawn)
    ]


@given(some_lessons())
def test_no_reporter_has_more_than_a_share(lessons: list[Lesson]) -> None:
    by_id = {one.id: one for one in lessons}
    kept = [by_id[one.id] for one in counting(lessons)]
    for spam in (False, True):
        counts = Counter(one.reporter for one in kept if one.spam is spam)
        for who, count in counts.items():
            if who is not None:
                assert count <= ALWAYS or count <= SHARE * counts.total()


@given(some_lessons())
def test_nothing_counts_that_is_not_there_or_counts_already(lessons: list[Lesson]) -> None:
    kept = counting(lessons)
    places = [[one.id for one in lessons].index(one.id) for one in kept]
    assert places == sorted(places)
    by_id = {one.id: one for one in lessons}
    keys = [(one.spam, by_id[one.id].reporter, one.features.digest) for one in kept]
    assert len(keys) == len(set(keys))
    trusted = [(one.spam, one.features) for one in lessons if one.reporter is None]
    different = {(spam, features.digest) for spam, features in trusted if features}
    assert sum(one.trusted for one in kept) == len(different)


def test_more_of_a_reporter_count_as_others_say_more() -> None:
    eve = [lesson(number, text, reporter="eve") for number, text in enumerate(TEXTS[:10])]
    assert [one.id for one in counting(eve)] == ["f7", "f8", "f9"]
    others = [lesson(100 + number, text) for number, text in enumerate(TEXTS[10:])]
    kept = [one for one in counting(eve + others) if not one.trusted]
    assert len(kept) == 5
    assert Fraction(len(kept), len(kept) + len(others)) <= SHARE
    assert Fraction(len(kept) + 1, len(kept) + 1 + len(others)) > SHARE


def test_what_the_engine_does_not_learn_of_does_not_count() -> None:
    assert counting([lesson(1, None)]) == []
    assert repr(taught(1, 0)[0]) == "Lesson('f0', spam=True)"
