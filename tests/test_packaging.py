"""What is shipped, and what the files beside the code say of it."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import pytest

import fastapi_spamshield

ROOT = Path(__file__).parent.parent
SCRIPTS = ("bench", "demo", "docs", "install", "lint", "test", "train")


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    entries = re.findall(
        r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert entries[0] == fastapi_spamshield.__version__


def test_the_installed_version_is_this_version() -> None:
    assert metadata.version("fastapi-spamshield") == fastapi_spamshield.__version__


def test_the_types_are_shipped() -> None:
    assert resources.files("fastapi_spamshield").joinpath("py.typed").is_file()


def test_the_public_names_are_sorted_and_there() -> None:
    names = fastapi_spamshield.__all__
    # Constants, classes, functions, as ruff has it.
    assert names == sorted(set(names), key=lambda name: (not name.isupper(), name.islower(), name))
    assert [name for name in names if not hasattr(fastapi_spamshield, name)] == []


def test_the_type_checkers_see_every_public_name_in_use() -> None:
    used: set[str] = set()
    for path in (ROOT / "tests" / "typing").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "fastapi_spamshield":
                used.update(alias.name for alias in node.names)
    assert used == set(fastapi_spamshield.__all__)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_executable_and_plain_shell(script: str) -> None:
    path = ROOT / "scripts" / script
    assert path.stat().st_mode & 0o111
    subprocess.run(["/bin/sh", "-n", str(path)], check=True)


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/test"])
def test_the_readme_names_the_two_commands(script: str) -> None:
    assert script in (ROOT / "README.md").read_text("utf-8")


def test_every_dependency_has_a_lower_bound_that_can_be_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for needed in project["dependencies"]:
        assert re.fullmatch(r"[a-z-]+>=[0-9.]+", needed), needed


def test_the_package_imports_alone_without_a_warning() -> None:
    # Not in this process, where pytest and others have imported much already.
    subprocess.run(
        [sys.executable, "-W", "error", "-c", "import fastapi_spamshield"], check=True, cwd=ROOT
    )
