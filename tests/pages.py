"""The Python blocks of README.md and docs/: run by pytest, written out for the type checker.

The untitled blocks of a page run one after another, as one script. A block that is titled,
```` ```python title="main.py" ````, is a file of its own, which the blocks after it import:
`from main import app`. The same title again replaces that file and begins the script anew.
What needs a server that a test does not have is marked on the line before it, with the reason:
`<!-- skip: next "needs Redis" -->`; such a block is type-checked, not run.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import SkipParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

ROOT = Path(__file__).parent.parent

_SCRIPT = "page"
_PYTHON = re.compile(r"(?:python|py)\b(?P<options>[^\n]*)\n")
_TITLE = re.compile(r'\btitle="(?P<name>[a-z_][a-z0-9_]*)\.py"')


def _module_name(example: Example) -> str:
    options: str = example.region.lexemes["options"]
    title = _TITLE.search(options)
    if title is None and "title=" in options:
        message = f'{example.path}:{example.line}: write the title as title="name.py"'
        raise ValueError(message)
    return title["name"] if title else _SCRIPT


def _padded(example: Example) -> str:
    # Errors then name the line of the page.
    source: str = example.parsed
    return "\n" * example.line + source


def _run(example: Example) -> None:
    name = _module_name(example)
    modules: dict[str, ModuleType] = example.namespace.setdefault("modules", {})
    if name != _SCRIPT and name in modules and _SCRIPT in modules:
        del modules[_SCRIPT], sys.modules[_SCRIPT]
    if name != _SCRIPT or name not in modules:
        if name not in modules and name in sys.modules:
            message = f"{example.path}:{example.line}: {name} is the name of another module"
            raise ValueError(message)
        # A real module, since Pydantic looks names up in the one that a class says it is from.
        modules[name] = sys.modules[name] = ModuleType(name)
    code = compile(_padded(example), example.path, "exec", dont_inherit=True)
    exec(code, modules[name].__dict__)  # noqa: S102 - to run them is the point


def forget(namespace: dict[str, Any]) -> None:
    """Take the modules of a page away again."""
    for name in namespace.get("modules", ()):
        sys.modules.pop(name, None)


def _blocks(document: Document) -> Iterable[Region]:
    for region in RawFencedCodeBlockLexer(_PYTHON)(document):
        region.parsed = region.lexemes["source"]
        region.evaluator = _run
        yield region


PAGES = Sybil(parsers=[_blocks, SkipParser()], pattern="*.md", path=str(ROOT), teardown=forget)


def files(page: Path) -> Iterator[tuple[str, str]]:
    """The files that the blocks of a page make up: a path and its source, part by part."""
    part: dict[str, str] = {}
    number = 1
    for example in PAGES.parse(page):
        if example.region.evaluator is not _run:
            continue
        name = _module_name(example)
        if name != _SCRIPT and name in part:
            yield from ((f"{number}/{module}.py", text) for module, text in part.items())
            part = {}
            number += 1
        written = part.get(name, "")
        part[name] = written + _padded(example)[written.count("\n") :]
    yield from ((f"{number}/{module}.py", text) for module, text in part.items())


def main(target: Path) -> None:
    """Write the files of all pages below `target`, with a configuration for pyright."""
    target.mkdir(parents=True, exist_ok=True)
    settings = {"typeCheckingMode": "standard", "reportRedeclaration": False}
    (target / "pyrightconfig.json").write_text(json.dumps(settings))
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for name, text in files(page):
            path = target / page.relative_to(ROOT).with_suffix("") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
