import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from fastapi_spamshield import ConfigurationError
from fastapi_spamshield.detectors.local.lessons import Lesson
from fastapi_spamshield.stores import lesson_file
from fastapi_spamshield.stores.lesson_file import FORMAT, LessonFile, decoded, encoded
from tests.detectors.local.lessons import lesson, taught
from tests.detectors.local.test_lessons import some_lessons

ROOT = Path(__file__).parents[2]
LESSONS = [
    *taught(2, 1),
    lesson(9, "An own text", reporter="eve")._replace(told=("akismet",)),
]


def plain(lessons: list[Lesson]) -> list[object]:
    return [(*one[:4], one.features and one.features.packed(), one.told) for one in lessons]


def write(path: Path, lessons: list[Lesson]) -> None:
    file = LessonFile(path)
    file.open()
    file.write(lessons)
    file.close()


@given(some_lessons())
def test_they_come_back_as_they_were(lessons: list[Lesson]) -> None:
    assert plain(decoded(encoded(lessons))) == plain(lessons)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "learned"
    write(path, [*LESSONS, lesson(10, None)])
    file = LessonFile(str(path))
    assert plain(file.open()) == plain(LESSONS)
    file.write(LESSONS[:1])
    file.write(LESSONS[1:])
    file.close()
    file.close()
    assert plain(decoded(path.read_bytes())) == plain(LESSONS[1:])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["learned", "learned.lock"]
    assert b"kitchen" not in path.read_bytes()
    assert b"eve" not in path.read_bytes()


def test_there_need_not_be_a_file_yet(tmp_path: Path) -> None:
    file = LessonFile(tmp_path / "learned")
    assert file.open() == []
    file.close()


def changed(data: bytes, **head: object) -> bytes:
    line, _, body = data.partition(b"\n")
    return json.dumps({**json.loads(line), **head}).encode() + b"\n" + body


WHOLE = encoded(LESSONS)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is no file of lessons"),
        (b"[]\n", "it is no file of lessons"),
        (b"\xff\xfe", "it is no file of lessons"),
        (changed(WHOLE, format="spamshield lessons 2"), "it is of another version"),
        (WHOLE[:-1], "it is damaged"),
        (WHOLE.replace(b"true", b"false", 1), "it is damaged"),
        (changed(WHOLE, features="0"), "by an engine that reads texts in another way"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "learned"
    path.write_bytes(data)
    file = LessonFile(path)
    with pytest.raises(ConfigurationError, match=says):
        file.open()
    assert path.read_bytes() == data
    path.write_bytes(WHOLE)  # Nobody holds it after that.
    assert len(file.open()) == len(LESSONS)
    file.close()
    assert FORMAT.encode() in WHOLE


def test_a_folder_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"learning_path=.*it can't be used: No such file"):
        LessonFile(tmp_path / "none" / "learned").open()


def test_a_path_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "learned").mkdir()
    with pytest.raises(ConfigurationError, match="it can't be read: Is a directory"):
        LessonFile(tmp_path / "learned").open()


OPEN = """
import sys
from fastapi_spamshield.stores.lesson_file import LessonFile
try:
    LessonFile(sys.argv[1]).open()
except ValueError as error:
    print(error)
"""


def test_another_process_can_not_have_it_too(tmp_path: Path) -> None:
    path = tmp_path / "learned"
    file = LessonFile(path)
    file.open()
    command = [sys.executable, "-c", OPEN, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "another process has it open" in said
    file.close()
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said == ""


def test_nor_can_another_shield_of_this_one(tmp_path: Path) -> None:
    file, other = LessonFile(tmp_path / "learned"), LessonFile(tmp_path / "learned")
    file.open()
    with pytest.raises(ConfigurationError, match="another process has it open"):
        other.open()
    file.close()
    other.open()
    other.close()


def test_without_locks_it_is_seen_when_both_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_file, "locks", None)
    file, other = LessonFile(tmp_path / "learned"), LessonFile(tmp_path / "learned")
    file.open()
    other.open()
    file.write(LESSONS)
    with pytest.raises(OSError, match="another process writes to the file"):
        other.write(LESSONS[:1])
    file.write(LESSONS[:2])
    assert plain(decoded(file.path.read_bytes())) == plain(LESSONS[:2])
    file.close()
    other.close()


def test_a_forked_process_does_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = LessonFile(tmp_path / "learned")
    file.open()
    process = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: process + 1)
    with pytest.raises(OSError, match="another process"):
        file.write(LESSONS)
    file.close()


def test_a_forked_process_neither_keeps_it_nor_gives_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = LessonFile(tmp_path / "learned"), LessonFile(tmp_path / "learned")
    file.open()
    assert file._lock is not None
    inherited = os.dup(file._lock.fileno())
    file.close()
    other.open()
    os.close(inherited)
    process = os.getpid()
    with monkeypatch.context() as patched:
        assert other._lock is not None
        kept = os.dup(other._lock.fileno())
        patched.setattr(os, "getpid", lambda: process + 1)
        other.close()
    with pytest.raises(ConfigurationError, match="another process has it open"):
        file.open()
    os.close(kept)
    file.open()
    file.close()


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = LessonFile(tmp_path / "learned")
    file.open()
    file.write(LESSONS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        file.write(LESSONS[:1])
    file.close()
    monkeypatch.undo()
    assert plain(decoded(file.path.read_bytes())) == plain(LESSONS)
