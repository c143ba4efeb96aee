from tests.commands import EXAMPLES, PAGE, commands, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it with `python -m tests.commands`"


def test_every_command_has_an_example() -> None:
    assert list(EXAMPLES) == list(commands())
