"""The report: one page of HTML that needs neither a network nor scripts."""

import base64
import hashlib
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import pictures
from .formats import between, number, percent, words
from .judging import Judged
from .marking import SHOWN, pieces, reasons
from .result import Result

_PAGE: Final = Path(__file__).parent / "page"


def report(result: Result, judged: Judged) -> str:
    """A page that shows what was found.

    It holds the texts of the worst mistakes, if they were kept, and no others.

    Args:
        result: The figures.
        judged: What they were made of.
    """
    environment = Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, number=number, words=words)
    style = (_PAGE / "report.css").read_text("utf-8")
    measured = judged.measured
    scores, spam = judged.scores[measured], judged.spam[measured]
    return environment.get_template("report.html").render(
        result=result,
        figures=result.figures,
        # Of our own making, and the policy below allows this style and no other.
        style=Markup(style),  # noqa: S704 - as above
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        curve=pictures.precision_recall(scores, judged.called[measured], spam),
        dots=pictures.reliability(scores, spam),
        histogram=pictures.histogram(scores, spam),
        kinds={"refused": judged.mistakes.refused, "missed": judged.mistakes.missed},
        pictures=pictures,
        between=between,
        pieces=pieces,
        reasons=reasons,
        shown=SHOWN,
    )
