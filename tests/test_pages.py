"""The runner of the pages' code blocks, since a runner that runs nothing would be green too."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from unittest import SkipTest

import pytest

from tests.pages import PAGES, files, forget


class Page:
    """A page in a temporary folder, whose blocks are run one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.namespace: dict[str, object] = {}

    def run(self, text: str) -> None:
        """Write the page and run its blocks in order."""
        self.path.write_text(dedent(text))
        document = PAGES.parse(self.path)
        self.namespace = document.namespace
        for example in document:
            example.evaluate()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    page = Page(tmp_path / "page.md")
    yield page
    forget(page.namespace)
    assert {"main", "page"}.isdisjoint(sys.modules)


def test_untitled_blocks_are_one_script(page: Page) -> None:
    page.run("""
        ```python
        x = 1
        ```

        === "In a tab"

            ```py hl_lines="1"
            assert x == 1
            ```

        ```console
        $ not python
        ```
    """)


def test_a_failure_names_the_line_of_the_page(page: Page) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        page.run("""
            Text.

            ```python
            x = 1
            x / 0
            ```
        """)
    assert raised.traceback[-1].path == page.path
    assert raised.traceback[-1].lineno + 1 == 6


def test_later_blocks_import_a_titled_one_and_see_nothing_else_of_it(page: Page) -> None:
    page.run("""
        ```python title="main.py"
        app = 1
        ```

        ```python
        assert "app" not in globals()
        from main import app
        assert app == 1
        ```
    """)


def test_the_same_title_again_replaces_the_file_and_begins_the_script_anew(page: Page) -> None:
    page.run("""
        ```python title="main.py"
        app = 1
        ```

        ```python
        from main import app
        ```

        ```python title="main.py"
        app = 2
        ```

        ```python
        assert "app" not in globals()
        from main import app
        assert app == 2
        ```
    """)
    assert [(name, text.strip()) for name, text in files(page.path)] == [
        ("1/main.py", "app = 1"),
        ("1/page.py", "from main import app"),
        ("2/main.py", "app = 2"),
        ("2/page.py", 'assert "app" not in globals()\nfrom main import app\nassert app == 2'),
    ]


def test_names_of_a_later_class_are_found(page: Page) -> None:
    page.run("""
        ```python
        from pydantic import BaseModel

        class Thread(BaseModel):
            first: "Comment | None" = None

        class Comment(BaseModel):
            text: str

        assert Thread.model_validate({"first": {"text": "a"}}).first == Comment(text="a")
        ```
    """)


def test_a_block_that_needs_a_server_is_skipped_with_its_reason_but_written_out(page: Page) -> None:
    with pytest.raises(SkipTest, match="needs Redis"):
        page.run("""
            <!-- skip: next "needs Redis" -->

            ```python
            x = unknown
            ```
        """)
    assert list(files(page.path)) == [("1/page.py", "\n\n\n\nx = unknown\n")]


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("app/main.py", r'page\.md:2: write the title as title="name.py"'),
        ("json.py", r"page\.md:2: json is the name of another module"),
    ],
)
def test_a_title_that_cannot_be_imported_is_refused(page: Page, title: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        page.run(f"""
            ```python title="{title}"
            x = 1
            ```
        """)
