"""The house stays as drawn: every module imports only from the layers before its own."""

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fastapi_spamshield

PACKAGE = "fastapi_spamshield"
ROOT = Path(fastapi_spamshield.__file__).parent

LAYERS = (
    (
        "errors",
        "account",
        "models",
        "explanation",
        "policy",
        "deadline",
        "pii",
        "feedback",
        "process_lock",
    ),
    ("detectors.base", "stores.base", "dialects"),
    (
        "transport",
        "retry",
        "breaker",
        "budget",
        "cache",
        "used_tokens",
        "form_tokens",
        "detectors",
        "stores",
    ),
    (
        "shield",
        "checking",
        "later",
        "lifecycle",
        "session",
        "learning",
        "settings",
        "vendors",
        "backlog",
        "telemetry",
        "sync",
        "background",
        "loop_thread",
        "evaluation",
        "training",
    ),
    ("web",),
    ("testing", "pytest_plugin", "cli", "__main__", "__init__"),
)
"""Modules, and packages with all that is below them and is not named by itself."""

DIALECT_PARTS = {"base", "reading", "sending", "serving"}
"""What dialects share; every other module of theirs is a vendor."""

UNDOCUMENTED_ALLOWED = f"{PACKAGE}.web.binding."


def layer(module: str) -> int:
    """The index of the layer that a module belongs to.

    Raises:
        LookupError: It belongs to none.
    """
    name = module.removeprefix(PACKAGE).removeprefix(".") or "__init__"
    while name:
        for index, members in enumerate(LAYERS):
            if name in members:
                return index
        name = name.rpartition(".")[0]
    message = f"{module} belongs to no layer; add it to LAYERS and to the architecture page"
    raise LookupError(message)


def imports(module: str, source: str, *, package: bool = False) -> Iterator[tuple[str, str | None]]:
    """Each import of a module, wherever it stands: what from, and the name taken, if any."""
    above = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            base = above[: len(above) - node.level + 1] if node.level else []
            target = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield target, alias.name


def modules() -> dict[str, Path]:
    """Every module of the package."""
    found: dict[str, Path] = {}
    for path in ROOT.rglob("*.py"):
        parts = (PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def own_imports(module: str, source: str, known: set[str], *, package: bool = False) -> set[str]:
    """The modules of the package that a module imports."""
    own: set[str] = set()
    for target, name in imports(module, source, package=package):
        if target.split(".")[0] == PACKAGE:
            below = f"{target}.{name}"
            own.add(below if below in known else target)
    return own - {module}


def breaches(module: str, source: str, known: set[str], *, package: bool = False) -> list[str]:
    """What a module does that its layer does not allow."""
    mine = layer(module)
    found = [
        f"{module} imports {target}, which is in a later layer"
        for target in sorted(own_imports(module, source, known, package=package))
        if layer(target) > mine
    ]
    for target, name in imports(module, source, package=package):
        top = target.split(".")[0]
        whole = f"{target}.{name}" if name else target
        if top in {"fastapi", "starlette"}:
            if mine < layer(f"{PACKAGE}.web"):
                found.append(f"{module} imports {whole}, but only web and later may know it")
            hidden = any(re.match(r"_(?!_)", part) for part in whole.split("."))
            if (hidden or whole.startswith("fastapi.dependencies")) and not module.startswith(
                UNDOCUMENTED_ALLOWED
            ):
                found.append(f"{module} imports {whole}, which is not documented")
        may_know = module.startswith(f"{PACKAGE}.transport.") or mine >= layer(f"{PACKAGE}.testing")
        if top in {"httpx", "httpx2"} and not may_know:
            found.append(f"{module} imports {whole}, but only transport may know it")
        vendor = re.match(rf"{PACKAGE}\.dialects\.(\w+)", whole)
        if ".dialects." in module and vendor and vendor[1] not in DIALECT_PARTS:
            found.append(f"{module} imports {whole}, but a dialect stands alone")
    return found


MODULES = modules()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_keeps_to_its_layer(module: str) -> None:
    path = MODULES[module]
    package = path.name == "__init__.py"
    assert breaches(module, path.read_text("utf-8"), set(MODULES), package=package) == []


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        module: own_imports(
            module, path.read_text("utf-8"), set(MODULES), package=path.name == "__init__.py"
        )
        for module, path in MODULES.items()
    }
    graphlib.TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    ("module", "source", "says"),
    [
        (
            "errors",
            "from .shield import SpamShield",
            "fastapi_spamshield.shield, which is in a later layer",
        ),
        ("models", "from . import shield", "fastapi_spamshield.shield, which is in a later layer"),
        ("shield", "from .web.binding import bind", "web.binding, which is in a later layer"),
        ("web.check", "from .. import SpamShield", "fastapi_spamshield, which is in a later layer"),
        ("web.check", "import fastapi_spamshield.testing", "testing, which is in a later layer"),
        (
            "detectors.base",
            "from .local.engine import x",
            "local.engine, which is in a later layer",
        ),
        ("shield", "def f():\n    import fastapi", "imports fastapi, but only web"),
        ("policy", "from starlette.requests import Request", "requests.Request, but only web"),
        (
            "web.check",
            "from fastapi.dependencies.utils import x",
            "utils.x, which is not documented",
        ),
        ("web.check", "from fastapi import _compat", "fastapi._compat, which is not documented"),
        ("web.bindings", "from fastapi import _compat", "fastapi._compat, which is not documented"),
        ("web.check", "import fastapi.dependencies.models", "models, which is not documented"),
        ("detectors.remote", "import httpx", "imports httpx, but only transport"),
        ("dialects.akismet", "from .siftfy import read", "a dialect stands alone"),
        ("dialects.akismet", "from . import siftfy", "a dialect stands alone"),
    ],
)
def test_a_breach_is_seen(module: str, source: str, says: str) -> None:
    known = {f"{PACKAGE}.shield", f"{PACKAGE}.testing"}
    [found] = breaches(f"{PACKAGE}.{module}", source, known)
    assert found.startswith(f"{PACKAGE}.{module} imports ")
    assert says in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("shield", "import asyncio\nfrom .detectors.local import LocalDetector"),
        ("detectors.local.engine", "from ..base import Detector\nfrom ...models import Detection"),
        ("web.binding.endpoint", "from fastapi.dependencies.utils import request_body_to_args"),
        ("testing", "from .detectors.local import LocalDetector\nimport httpx"),
        ("web.check", "from fastapi import __version__"),
        ("dialects.akismet", "from .base import Call\nfrom .reading import failure"),
        ("transport.client", "import httpx"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert breaches(f"{PACKAGE}.{module}", source, set()) == []


def test_a_module_of_no_layer_is_refused() -> None:
    with pytest.raises(LookupError, match=r"fastapi_spamshield\.helpers belongs to no layer"):
        breaches(f"{PACKAGE}.helpers", "", set())
