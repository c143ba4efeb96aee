import dataclasses
import hashlib
import json
import re
from pathlib import Path

import pytest

from fastapi_spamshield import ConfigurationError, LocalDetector, SpamShield, Submission
from fastapi_spamshield.detectors.local.loading import load
from fastapi_spamshield.detectors.local.model import MAGIC, default_model, shipped, write

DATA = write(default_model())


def test_a_path_is_a_model(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    other = default_model()
    path.write_bytes(write(dataclasses.replace(other, bias=other.bias + 3)))
    submission = Submission(text="I followed the guide yesterday, and the second step failed.")
    shipped = LocalDetector().judge(submission).score
    for model in (path, str(path), load(path)):
        assert LocalDetector(model=model).judge(submission).score > shipped
    assert LocalDetector(model=path) == LocalDetector(model=path)
    assert hash(LocalDetector(model=path)) == hash(LocalDetector(model=path))
    assert LocalDetector(model=path) != LocalDetector()
    path.unlink()  # It was read when it was named.
    with pytest.raises(ConfigurationError):
        LocalDetector(model=path)


def head(**changes: object) -> bytes:
    """The file with another head, and a digest to it."""
    line, packed = DATA[len(MAGIC) :].split(b"\n", 2)[1:]
    content = json.dumps({**json.loads(line), **changes}).encode() + b"\n" + packed
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(data, says, id=name)
        for name, data, says in [
            ("nothing", b"", "no file of weights, or one of another version."),
            ("a version", DATA.replace(b"weights 2", b"weights 1"), "one of another version."),
            ("no end", DATA[:-100], "The file is damaged."),
            ("no weights", DATA[:60], "The file is damaged."),
            ("more", DATA + b" ", "The file is damaged."),
            ("a constant", DATA.replace(b'"bias": -', b'"bias": '), "The file is damaged."),
            ("n-grams", head(scheme="0123456789abcdef"), "It was made for other n-grams."),
            ("toxicity", write(shipped("toxicity"), "toxicity"), "of toxicity, not of spam."),
        ]
    ],
)
def test_a_file_that_can_not_be_used_says_what_to_do(
    tmp_path: Path, data: bytes, says: str
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(data)
    with pytest.raises(ConfigurationError, match=re.escape(says)) as error:
        LocalDetector(model=path)
    assert str(path) in str(error.value)
    assert "write a new one with `spamshield train`" in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"can't be read \(No such file"):
        LocalDetector(model=tmp_path / "nowhere.bin")


def test_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(DATA)
    monkeypatch.setenv("SPAMSHIELD_MODEL", str(path))
    assert SpamShield().detector == LocalDetector(model=path)
    monkeypatch.setenv("SPAMSHIELD_DETECTOR", "siftfy")
    monkeypatch.setenv("SPAMSHIELD_API_KEY", "planted")
    assert LocalDetector(model=path) in getattr(SpamShield().detector, "parts")  # noqa: B009 - of a Fallback
    path.write_bytes(DATA[:-100])
    with pytest.raises(ConfigurationError, match="damaged"):
        SpamShield()
