"""What is said by few characters is no proof."""

import pytest

from tests.detectors.local.judging import judge

GREETINGS = [
    *("Hello!", "Hello", "hello", "Hello everyone", "Hi!", "Hey!", "Good morning", "Test", "ok"),
    *("Ciao", "Hallo!", "Hola", "Bonjour", "Привет", "你好", "Nice pictures!", "Thanks!", "lol"),
]


@pytest.mark.parametrize("text", GREETINGS)
def test_a_greeting_alone_is_published(text: str) -> None:
    assert judge(text).score < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "Hello, are you open on Sunday?",
        "Hello! Where is the second step? I am stuck at 4.2.",
        "Hi there, thank you for the recipe, it worked.",
    ],
)
def test_nor_is_a_polite_beginning_spam(text: str) -> None:
    assert judge(text).score < 0.3
