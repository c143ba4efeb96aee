"""Tables of the documentation that repeat what the code says."""

import re
from pathlib import Path
from typing import cast

import fastapi_spamshield
from fastapi_spamshield.detectors.local import (
    contact,
    disguise,
    links,
    markup,
    money,
    shape,
    wording,
)
from fastapi_spamshield.detectors.local.curve import score_of
from fastapi_spamshield.policy import SpamPolicy
from fastapi_spamshield.settings import PREFIX, SpamShieldSettings

PAGES = Path(__file__).parents[1] / "docs"
PACKAGE = Path(fastapi_spamshield.__file__).parent


def page(name: str) -> str:
    return (PAGES / name).read_text("utf-8")


def table(text: str, head: str) -> list[list[str]]:
    """The rows of the table below a line."""
    body = text.partition(head)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()[2:]]


def written(value: object) -> str:
    """A default as one would set it."""
    if isinstance(value, tuple):
        return ",".join(map(str, cast("tuple[object, ...]", value)))
    return str(value).lower()


def test_every_variable_with_its_default() -> None:
    rows = table(page("how-to/settings-from-the-environment.md"), "| Variable |")
    documented = {name.strip("`"): default.strip("`") for name, default, _ in rows}
    fields = SpamShieldSettings.model_fields
    defaults = {**SpamShieldSettings.model_construct().model_dump(), **dict(SpamPolicy())}
    assert documented == {f"{PREFIX}{name.upper()}": written(defaults[name]) for name in fields}


def test_the_scores() -> None:
    policy = SpamPolicy()
    rows = table(page("how-it-judges.md"), "| Sum of the weights |")
    assert len(rows) == 8
    for weight, score, label in rows:
        expected = score_of(float(weight))
        assert (score, label) == (f"{expected:.3f}", policy.decide(expected).label)


def test_the_caps() -> None:
    rows = table(page("how-it-judges.md"), "| Kind |")
    numbers = [found[0] for _, cap in rows if (found := re.match(r"[\d.]+", cap))]
    assert list(map(float, numbers)) == [
        wording.TOTAL,
        wording.WEAK_TOTAL,
        money.TOTAL,
        links.MANY_TOTAL,
        links.SHADY_TOTAL,
        contact.TOTAL,
        markup.TOTAL,
        disguise.TOTAL,
        shape.TOTAL,
        shape.TOTAL,
        shape.POINTING_TOTAL,
    ]


def test_the_house_has_every_module() -> None:
    house = page("architecture.md").partition("```text")[2].partition("```")[0]
    for path in PACKAGE.rglob("*.py"):
        if path.name != "__init__.py" and path.parent.name not in {
            "dialects",
            "documents",
            "local",
        }:
            assert re.search(rf"^ +{path.name} ", house, re.MULTILINE), path.name


def test_every_public_name_is_in_the_reference() -> None:
    reference = "".join(path.read_text("utf-8") for path in (PAGES / "reference").glob("*.md"))
    for name in fastapi_spamshield.__all__:
        assert f"::: fastapi_spamshield.{name}\n" in reference, name
