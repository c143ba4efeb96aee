import pytest

from fastapi_spamshield.detectors.local.markup import find_markup
from tests.detectors.local.judging import names, seen


def test_forum_code() -> None:
    assert ("bbcode", 2.5, "[URL=") in seen("look: [URL=https://a.example]here[/URL] it is")
    assert ("bbcode", 2.5, "[link]") in seen("look: [link]a.example[/link] it is")


def test_html_links() -> None:
    text = "You may want to <A  HREF='https://a.example'>look</A> at it some time"
    assert ("html_link", 2.0, "<A  HREF") in seen(text)


def test_a_template_that_was_never_spun() -> None:
    assert seen("I {really|truly} like it all.") == [("template", 1.0, "{really|truly}")]
    assert seen("I {really|truly} {like|love} it all.") == [
        ("template", 2.0, "{really|truly}"),
        ("template", 2.0, "{like|love}"),
    ]


def test_the_total_is_limited() -> None:
    found = find_markup("[url=x]<a href=y>{a|b}{c|d}" * 20)
    assert sum(finding.weight for finding in found) == pytest.approx(4.0)


@pytest.mark.parametrize(
    "text",
    [
        "items[0] and [1] and [the url] are fine",
        "if a < b and <b>bold</b> then <article>",
        "a | b || c, {x: 1}, {} and |pipes|",
        "{one\n|two}",
    ],
)
def test_what_it_leaves_alone(text: str) -> None:
    assert names(text) == set()
