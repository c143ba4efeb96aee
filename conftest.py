"""Lets pytest run the Python blocks of README.md and docs/."""

from tests.pages import PAGES

pytest_collect_file = PAGES.pytest()
