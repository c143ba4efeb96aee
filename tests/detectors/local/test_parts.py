from typing import Any

from fastapi_spamshield import LocalDetector, Part, Submission
from fastapi_spamshield.detectors.counterfactuals import left
from fastapi_spamshield.detectors.local.parts import MOST_OF_A_KIND


def parts(text: str, *, limit: int = 20_000, **context: Any) -> list[Part]:
    detector = LocalDetector(max_characters=limit)
    submission = Submission(text=text, **context)
    return detector.removable_parts(submission, detector.judge(submission).signals)


def shown(text: str, **context: Any) -> list[tuple[str, str]]:
    submission = Submission(text=text, **context)
    return [
        (part.title, getattr(submission, part.field)[slice(*part.span)] if part.span else "")
        for part in parts(text, **context)
    ]


def test_each_link_and_each_address() -> None:
    text = "See www.a.example/x and https://b.example, or write to x@c.example and y@c.example."
    assert shown(text)[:4] == [
        ("link 1", "www.a.example/x"),
        ("link 2", "https://b.example,"),
        ("address 1", "x@c.example"),
        ("address 2", "y@c.example"),
    ]
    assert shown("Only see www.a.example/x for all about it, please.")[0][0] == "link"


def test_what_signals_point_to_where_no_link_stands() -> None:
    text = "You have won a lamp! Take it from https://bit.ly/prize before it is too late for you."
    found = shown(text)
    assert ("link", "https://bit.ly/prize") in found
    assert ("trigger_phrase", "You have won") in found
    assert [words for _, words in found].count("https://bit.ly/prize") == 1


def test_a_disguise_is_pointed_to_in_the_original() -> None:
    text = "so look at h\u200bttps://a.exa\u200bmple/x as soon as you can"
    assert shown(text)[0] == ("link", "h\u200bttps://a.exa\u200bmple/x")


def test_fields_first_and_only_those_that_are_there() -> None:
    found = parts(
        "Good morning!",
        honeypot="x",
        form_token="used",
        elapsed=0.0,
        author="Ada",
        email="a@b.example",
        subject="online casino for all of you",
        url="https://not.looked.at.example",
    )
    assert [part.name for part in found][:7] == [
        *("honeypot", "form_token", "elapsed", "author", "email", "subject"),
        "trigger_phrase",
    ]
    assert found[6].field == "subject"
    assert parts("Good morning to you!", author="", form_token="valid") == []


def test_not_more_than_some_of_a_kind() -> None:
    found = parts(" ".join(f"https://host{number}.example/ and" for number in range(100)))
    assert len([part for part in found if part.name == "link"]) == MOST_OF_A_KIND


def test_a_signal_of_the_whole_text_is_no_part_of_it() -> None:
    text = "PLEASE WRITE TO ME ALL ABOUT IT AS SOON AS YOU CAN"
    assert "all_caps" in {
        signal.name for signal in LocalDetector().judge(Submission(text=text)).signals
    }
    assert "all_caps" not in {name for name, _ in shown(text)}


def test_places_in_a_text_that_was_not_read_whole() -> None:
    text = f"https://a.example {'walk by the river ' * 500} https://b.example"
    found = parts(text, limit=1_000)
    assert [text[slice(*part.span)] for part in found if part.name == "link" and part.span] == [
        "https://a.example",
        "https://b.example",
    ]


def test_what_is_left() -> None:
    submission = Submission(text="one two three four", subject="a b", author="Ada", elapsed=1.0)

    def part(field: str, *span: int) -> Part:
        return Part(name="x", field=field, span=span or None)  # type: ignore[arg-type]

    def text(*spans: tuple[int, int]) -> str:
        return left(submission, [part("text", *span) for span in spans]).text

    assert text((4, 7)) == "one three four"
    assert text((0, 3)) == " two three four"
    assert text((14, 18)) == "one two three "
    assert text((4, 7), (8, 13)) == "one four"
    assert text((8, 13), (4, 10), (5, 6)) == "one four"
    assert text((0, 18)) == ""
    without = left(
        submission, [part("author"), part("elapsed"), part("subject"), part("subject", 0, 1)]
    )
    assert (without.author, without.elapsed, without.subject) == (None, None, None)
    assert without.text == submission.text
    assert left(submission, [part("subject", 0, 1)]).subject == " b"
    assert left(submission, []) == submission
