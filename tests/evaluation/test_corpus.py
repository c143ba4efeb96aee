import gzip
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fastapi_spamshield.errors import CorpusError, SpamShieldError
from fastapi_spamshield.evaluation.corpus import Corpus
from fastapi_spamshield.evaluation.rows import Labelled
from tests.evaluation.texts import write

SECRET = "Zyxwv"
LINE = '{"text": "Zyxwv", "label": "spam"}\n'


def read(*files: Path | str, **options: Any) -> list[Labelled]:
    return list(Corpus([str(file) for file in files], **options))


def test_json_lines(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "a", "label": "ham"},
        {
            "text": "b",
            "label": "spam",
            "author": "Eve",
            "kind": "contact",
            "elapsed": 2,
            "source": "wall",
            "group": 7,
            "lang": "de",
            "extra": {"x": 1},
        },
        {"text": "c", "label": "ham", "lang": "de", "language": "fr", "group": None},
    ]
    path = tmp_path / "texts.jsonl"
    path.write_text("\ufeff" + "\n\n".join(map(json.dumps, rows)), "utf-8")
    first, second, third = read(path)
    assert (first.submission.text, first.spam, first.source, first.line) == ("a", False, "", 1)
    assert (second.spam, second.source, second.group, second.line) == (True, "wall", "7", 3)
    submission = second.submission
    assert (submission.author, submission.elapsed, submission.language) == ("Eve", 2.0, "de")
    assert (third.submission.language, third.group) == ("fr", "")


def test_several_files_one_compressed_one_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Path(write(tmp_path / "a.jsonl", [{"text": "a", "label": "ham"}]))
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(LINE.encode()))
    given = io.BufferedReader(io.BytesIO(gzip.compress(b'{"text": "c", "label": "ham"}')))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=given))
    corpus = Corpus([str(plain), str(packed), "-"])
    found = list(corpus)
    assert [one.submission.text for one in found] == ["a", SECRET, "c"]
    assert [Path(one.file).name for one in found] == ["a.jsonl", "b.jsonl.gz", "-"]
    assert corpus.size is None
    with pytest.raises(CorpusError, match="twice"):
        Corpus(["-", "-"])


def test_how_far_it_is(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.jsonl", "b.jsonl.gz")]
    paths[0].write_text(LINE * 50_000)
    paths[1].write_bytes(gzip.compress(LINE.encode()))
    corpus = Corpus([*map(str, paths)])
    size = sum(path.stat().st_size for path in paths)
    assert corpus.size == size
    rows = iter(corpus)
    next(rows)
    assert 0 < corpus.position < size
    list(rows)
    assert corpus.position == size
    assert len(list(corpus)) == 50_001  # It can be read again.


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"Zyxwv", "no JSON (Expecting value, column 1); mend it"),
        (b'["Zyxwv"]', 'no object; write {"text": ..., "label": "spam"}'),
        (b'{"label": "ham"}', '"text" is missing'),
        (b'{"text": "Zyxwv"}', '"label" is missing'),
        (b'{"text": "Zyxwv", "label": "Zyxwv"}', 'neither "spam" nor "ham"'),
        (b'{"text": "Zyxwv", "label": ["spam"]}', 'neither "spam" nor "ham"'),
        (b'{"text": 5, "label": "ham"}', "text: Input should be a valid string"),
        (b'{"text": "Zyxwv", "label": "ham", "elapsed": "Zyxwv"}', "elapsed: Input should be"),
        (b'{"text": "Zyxwv", "label": "ham", "group": ["Zyxwv"]}', '"group" is no string'),
        (b'{"text": "Zyxwv", "label": "ham", "source": true}', '"source" is no string'),
        (b'{"text": "Zyxwv\xff", "label": "ham"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": ' + b"9" * 5_000 + b', "label": "ham"}', "a number of thousands of digits"),
    ],
    ids=map(str, range(13)),  # Of the values, the folder's name would quote the text.
)
def test_a_bad_line_is_named_and_not_quoted(tmp_path: Path, line: bytes, says: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(LINE.encode() + line + b"\n" + LINE.encode())
    with pytest.raises(CorpusError, match=re.escape(says)) as error:
        read(path)
    assert f"{path}, line 2: " in str(error.value)
    assert SECRET not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    assert isinstance(error.value, SpamShieldError)


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(
        r'{"text": "\ud83d\ude00 \ud83d", "label": "ham", "source": "\udc00", '
        r'"\ud800": ["\udfff", 1]}'
    )
    corpus = Corpus([str(path)])
    [one] = corpus
    assert one.submission.text == "\U0001f600 \ufffd"
    assert one.source == "\ufffd"
    assert list(corpus.ignored) == ["\ufffd"]


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl can't be read: No such file"):
        read(tmp_path / "nowhere.jsonl")
    with pytest.raises(CorpusError, match="can't be read: Is a directory"):
        read(tmp_path)
    whole = gzip.compress(LINE.encode() * 100)
    for name, data in {
        "cut": whole[:-20],
        "changed": whole[:12] + b"\xff\xff" + whole[14:],
    }.items():
        (tmp_path / f"{name}.gz").write_bytes(data)
        with pytest.raises(CorpusError, match="can't be read: its compression is damaged"):
            read(tmp_path / f"{name}.gz")


def test_fields_that_mean_nothing_are_counted(tmp_path: Path) -> None:
    rows = [{"text": "a", "label": "ham", "athor": "x"}] * 2 + [
        {"text": "a", "label": "ham", f"field{number}": "x"} for number in range(1_100)
    ]
    corpus = Corpus([write(tmp_path / "texts.jsonl", rows)])
    assert len(list(corpus)) == 1_102
    assert corpus.ignored["athor"] == 2
    assert len(corpus.ignored) == 1_000


def test_csv(tmp_path: Path) -> None:
    table = 'Comment,class,author,elapsed\n"a, or\nb",spam,Eve,2.5\n"",ham,,\n'
    path = tmp_path / "texts.csv"
    path.write_text(table, "utf-8-sig")
    first, second = read(path, text_column="Comment", label_column="class")
    assert first.submission.text == "a, or\nb"
    assert (first.spam, first.submission.author, first.submission.elapsed) == (True, "Eve", 2.5)
    assert (second.submission.text, second.submission.author) == ("", None)
    assert (first.line, second.line) == (3, 4)
    packed = tmp_path / "texts.tsv.gz"
    packed.write_bytes(gzip.compress(b"text\tlabel\na, b\tham\n"))
    [only] = read(packed)
    assert only.submission.text == "a, b"


def test_a_long_cell(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"text,label\n{'word ' * 40_000},ham\n")
    [one] = read(path)
    assert len(one.submission.text) == 200_000


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"text,label\nZyxwv,ham\nZyxwv\n", "line 3: it has not as many cells"),
        (b"text,label\nZyxwv,ham\nZyxwv,ham,5\n", "line 3: it has not as many cells"),
        (b"body,label\nZyxwv,ham\n", "line 1: there is no column 'text'; name yours with --text-"),
        (b"", "line 1: there is no column 'text'"),
        (b"text,label\nZyxwv,5\n", 'line 2: "label" is neither'),
        (b'text,label\n"Zyxwv"x,ham\n', "line 2: it is no CSV"),
        (b"text,label\nZyxwv\xff,ham\n", "line 2: it is not UTF-8"),
        (b"text,text,label\nZyxwv,b,ham\n", "line 1: two columns are called 'text'; rename one"),
    ],
    ids=map(str, range(8)),  # Of the values, the folder's name would quote the text.
)
def test_bad_csv(tmp_path: Path, table: bytes, says: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_bytes(table)
    with pytest.raises(CorpusError, match=re.escape(says)) as error:
        read(path)
    assert SECRET not in str(error.value)
