import base64
import hashlib
import re

from fastapi_spamshield.evaluation.figures import Figures, slices
from fastapi_spamshield.evaluation.formats import number, percent
from fastapi_spamshield.evaluation.judging import Dimension, Judged
from fastapi_spamshield.evaluation.report import report
from fastapi_spamshield.evaluation.result import Demands, Result
from fastapi_spamshield.models import Signal
from tests.evaluation.texts import judged, row

HOSTILE = "<script>alert(1)</script> \" ' & \u202e {{ 7*7 }} </style></blockquote>"


def result(found: Judged, **changes: object) -> Result:
    figures = Figures.of(found)
    values: dict[str, object] = {
        "detector": "keyword",
        "threshold": 0.7,
        "review_threshold": 0.3,
        "several_thresholds": False,
        "files": ["texts.jsonl"],
        "figures": figures,
        "slices": slices(found),
        "answered": dict(found.answered),
        "errors": dict(found.errors),
        "ignored": {},
        "limits": Demands(0.3, 0.9, 0.5).limits(figures),
    }
    return Result.model_validate({**values, **changes})


def hostile() -> str:
    signals = (
        Signal(name="<b>", weight=2.0, detail="<i>", span=(0, 8)),
        Signal(name="far", weight=1.0),
    )
    rows = [
        row(HOSTILE + "x" * 2_000, source=HOSTILE, kind="<hr>"),
        row(HOSTILE, spam=True, language="<hr>"),
    ]
    found = judged([(0.9, False), (0.1, True)], rows, list(Dimension), signals)
    return report(
        result(
            found,
            detector=HOSTILE,
            files=[HOSTILE],
            ignored={HOSTILE: 1},
            answered={HOSTILE: 1, "b": 1},
        ),
        found,
    )


def test_nothing_of_a_text_becomes_markup() -> None:
    page = hostile()
    assert "<script" not in page
    assert "<hr>" not in page
    assert "<i>" not in page
    assert page.count("</style>") == 1
    assert "{{ 7*7 }}" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<mark title="&lt;b&gt;">&lt;script&gt;</mark>' in page
    assert "more characters" in page


def test_it_loads_nothing_and_allows_its_own_style_only() -> None:
    page = hostile()
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'" in page
    assert not re.search(
        r"<(?:link|img|iframe|object|base|form)\b|(?<!no-)\bsrc=|url\(|style=\"", page
    )
    assert not re.search(r"https?://", page)


def test_the_figures_are_there() -> None:
    found = judged([(0.9, True)] * 3 + [(0.2, True), (0.8, False)] + [(0.1, False)] * 9)
    page = report(result(found), found)
    assert "14 texts, 4 of them spam" in page
    assert "3 of 4 spam were found" in page
    assert "1 of 10 ham were called spam" in page
    for state in ("Broken", "Holds here", "Holds"):
        assert f"<b>{state}</b>" in page
    assert "texts.jsonl</code> line 5" in page
    assert "holds texts that people wrote" in page


def test_nothing_measured_and_no_mistakes() -> None:
    found = judged([(None, True), (None, False)])
    page = report(result(found, several_thresholds=True), found)
    assert "There is no spam, or no ham" in page
    assert "Nothing was measured." in page
    assert "nothing to count" in page
    assert "nothing to measure it on" in page
    assert "timeout 2" in page
    assert "with other thresholds where the service states them" in page
    assert "This page holds no texts." in page


def test_figures_as_people_read_them() -> None:
    assert [percent(share) for share in (None, float("nan"), 0.0, 0.005, 0.25, 1.0)] == [
        *("-", "-", "0.0%", "0.50%", "25.0%", "100.0%")
    ]
    assert [number(None), number(float("nan")), number(0.5), number(1.0, 2)] == [
        *("-", "-", "0.500", "1.00")
    ]
