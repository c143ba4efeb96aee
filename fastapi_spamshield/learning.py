"""What a shield remembers of its verdicts, and what it was taught of them."""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from .detectors.base import Detector
from .detectors.local import LocalDetector
from .detectors.local.corrections import Corrections, corrections_of
from .detectors.local.features import unpacked
from .detectors.local.lessons import Lesson
from .detectors.several import Several
from .detectors.telling import Outcome, take_back, tell
from .detectors.trace import Trace
from .errors import ConfigurationError, NotRemembered, describe
from .feedback import Feedback, FeedbackLabel, Lessons
from .models import Submission, new_id
from .process_lock import ProcessLock
from .settings import SpamShieldSettings
from .stores.base import Judged, Judgements
from .stores.lesson_file import LessonFile
from .stores.memory import MemoryJudgements

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

MOST: Final = 10_000
"""Lessons that are kept; the oldest are dropped for good."""

BYTES: Final = 64 * 1024 * 1024
"""Of all verdicts that are remembered."""

REPORTER_BYTES: Final = 12


class Learning:
    """Remembers verdicts, learns of corrections, and tells the services that judged.

    Checks read `corrections`, which is replaced as a whole and never changed. Whatever takes long
    is done in a thread.

    Args:
        settings: The shield's.

    Attributes:
        corrections: What the engine adds; `None`: nothing.
    """

    def __init__(self, settings: SpamShieldSettings) -> None:
        self.corrections: Corrections | None = None
        self._seconds = settings.timeout
        self._judgements: Judgements | None = None
        if settings.remember > 0:
            self._judgements = MemoryJudgements(
                count=settings.remember_most, size=BYTES, seconds=settings.remember
            )
        self._file: LessonFile | None = None
        if settings.learning_path is not None:
            self._file = LessonFile(settings.learning_path)
        self._lessons: Mapping[str, Lesson] = {}
        self._saved: Mapping[str, Lesson] = {}
        self._changing, self._saving = ProcessLock(), ProcessLock()
        self._users = 0

    async def open(self) -> None:
        """Read what was learned before.

        Raises:
            ConfigurationError: The file can't be used.
        """
        if self._file is not None:
            await asyncio.to_thread(self._open, self._file)

    def close(self) -> None:
        """Save what is not saved yet, and leave the file to others.

        In whichever thread: at the end of the interpreter there are no others.
        """
        if self._file is not None:
            self._close(self._file)

    def require_open(self) -> None:
        """See that nothing is judged without what was learned before.

        Raises:
            ConfigurationError: The file has not been read.
        """
        if self._file is not None and not self._users:
            raise ConfigurationError(
                "learning_path: the file is not open. Write `async with shield:` around the "
                "checks, or `FastAPI(lifespan=shield.lifespan)` in an application."
            )

    def trace(self) -> Trace | None:
        """That of a new check; `None`: nothing is remembered, and nothing was learned."""
        if self._judgements is None and self.corrections is None:
            return None
        return Trace(self.corrections, wanted=self._judgements is not None)

    async def keep(
        self, verdict_id: str, submission: Submission, detector: Detector, trace: Trace
    ) -> None:
        """Remember a verdict.

        Args:
            verdict_id: Its id.
            submission: What was judged.
            detector: By whom.
            trace: Of the check.
        """
        if self._judgements is None:
            return
        try:
            features = trace.features
            engine = _engine_in(detector) if features is None and trace.wanted else None
            if engine is not None:  # It stands by, and learns of what others judge.
                features = await engine.features(submission)
            judged = Judged(features=features, opinions=trace.opinions)
            await self._judgements.keep(verdict_id, judged)
        except Exception as error:  # noqa: BLE001 - there is a verdict, whether remembered or not
            logger.error("A verdict could not be remembered: %s", describe(error))

    async def teach(
        self,
        detectors: Iterable[Detector],
        verdict_id: str,
        label: FeedbackLabel,
        reporter: str | None,
    ) -> Feedback:
        """Learn of a correction, and tell the services that judged.

        Args:
            detectors: Those that are open.
            verdict_id: Of the verdict.
            label: What it should have been.
            reporter: Who says so.

        Raises:
            ConfigurationError: There is no such label.
            NotRemembered: There is no such verdict.
        """
        if label not in ("spam", "ham"):
            raise ConfigurationError(f"feedback: {label!r} is no label; write 'spam' or 'ham'")
        judged = await self._find(verdict_id)
        who = None if reporter is None else _digest(reporter)
        lesson = await asyncio.to_thread(self._add, verdict_id, who, judged, spam=label == "spam")
        outcomes: list[Outcome] = []
        if judged is not None:
            outcomes = await tell(
                detectors, judged.opinions, spam=lesson.spam, seconds=self._seconds
            )
            await self._note(verdict_id, judged, outcomes)
            told = tuple(one.opinion.name for one in outcomes if not one.why)
            lesson = lesson._replace(told=told)
        saved = await asyncio.to_thread(self._save, lesson)
        return self._feedback(lesson, lesson.told, outcomes, saved=saved)

    async def forget(self, detectors: Iterable[Detector], feedback_id: str) -> Feedback:
        """Take a correction back.

        Args:
            detectors: Those that are open.
            feedback_id: Of the correction.

        Raises:
            NotRemembered: There is no such correction.
        """
        lesson = await asyncio.to_thread(self._remove, feedback_id)
        judged = await self._find(lesson.verdict_id)
        outcomes: list[Outcome] = []
        untold = dict.fromkeys(lesson.told, "not_remembered")
        if judged is not None:
            others = [one for one in self._lessons.values() if one.verdict_id == lesson.verdict_id]
            to = others[-1].spam if others else None
            outcomes = await take_back(detectors, judged.opinions, to=to, seconds=self._seconds)
            if not others:  # Whoever knows that again what it had said itself was told nothing.
                outcomes = [
                    one if one.why else Outcome(one.opinion.informed(spam=None)) for one in outcomes
                ]
            await self._note(lesson.verdict_id, judged, outcomes)
            untold = {}
        saved = await asyncio.to_thread(self._save)
        told = tuple(one.opinion.name for one in outcomes if not one.why)
        found = self._feedback(lesson, told, outcomes, saved=saved)
        return found.model_copy(update={"forgotten": True, "untold": {**found.untold, **untold}})

    def numbers(self) -> Lessons:
        """What was learned."""
        known = self.corrections
        return Lessons(
            version="" if known is None else known.version,
            kept=len(self._lessons),
            spam=0 if known is None else known.spam,
            ham=0 if known is None else known.ham,
            general=known is not None and len(known.weights) > 0,
            saved=self._file is not None and self._saved is self._lessons,
        )

    async def _find(self, verdict_id: str) -> Judged | None:
        return None if self._judgements is None else await self._judgements.find(verdict_id)

    async def _note(self, verdict_id: str, judged: Judged, outcomes: list[Outcome]) -> None:
        changed = {one.opinion.service: one.opinion for one in outcomes}
        opinions = tuple(changed.get(one.service, one) for one in judged.opinions)
        if self._judgements is not None and opinions != judged.opinions:
            await self._judgements.keep(
                verdict_id, Judged(features=judged.features, opinions=opinions)
            )

    def _feedback(
        self,
        lesson: Lesson,
        told: tuple[str, ...],
        outcomes: list[Outcome],
        *,
        saved: bool,
    ) -> Feedback:
        learns = lesson.features is not None
        return Feedback(
            id=lesson.id,
            verdict_id=lesson.verdict_id,
            label="spam" if lesson.spam else "ham",
            learned=("local",) if learns else (),
            saved=saved and learns,
            told=told,
            untold={one.opinion.name: one.why for one in outcomes if one.why},
        )

    def _add(
        self, verdict_id: str, reporter: bytes | None, judged: Judged | None, *, spam: bool
    ) -> Lesson:
        with self._changing:
            known = next(
                (
                    one
                    for one in self._lessons.values()
                    if (one.verdict_id, one.reporter) == (verdict_id, reporter)
                ),
                None,
            )
            if known is not None and known.spam == spam:
                return known
            if judged is not None:
                features = unpacked(judged.features) if judged.features is not None else None
            elif known is not None:
                features = known.features
            else:
                raise NotRemembered(
                    "There is no such verdict to correct: it was bypassed or skipped, or it is "
                    "longer ago than `remember`, or than the last `remember_most` ones"
                )
            lesson = Lesson(new_id(), verdict_id, spam, reporter, features)
            kept = {one.id: one for one in self._lessons.values() if one is not known}
            kept[lesson.id] = lesson
            while len(kept) > MOST:
                del kept[next(iter(kept))]
            self._set(kept)
            return lesson

    def _remove(self, feedback_id: str) -> Lesson:
        with self._changing:
            kept = dict(self._lessons)
            lesson = kept.pop(feedback_id, None)
            if lesson is None:
                raise NotRemembered(
                    "There is no such feedback to forget: it was forgotten before, replaced by "
                    f"another one of the same verdict, or it is not among the last {MOST:,}"
                )
            self._set(kept)
            return lesson

    def _set(self, lessons: Mapping[str, Lesson]) -> None:
        self.corrections = corrections_of(list(lessons.values()))
        self._lessons = lessons

    def _open(self, file: LessonFile) -> None:
        with self._changing:
            if not self._users:
                self._set({one.id: one for one in file.open()})
                self._saved = self._lessons
            self._users += 1

    def _close(self, file: LessonFile) -> None:
        with self._changing:
            self._users -= 1
            if not self._users:
                self._save()
                file.close()

    def _save(self, changed: Lesson | None = None) -> bool:
        """Whether everything is in the file."""
        if changed is not None:
            with self._changing:
                known = self._lessons.get(changed.id)
                if known is not None and known.told != changed.told:
                    self._lessons = {**self._lessons, changed.id: changed}
        if self._file is None:
            return False
        with self._saving:
            lessons = self._lessons
            if lessons is not self._saved:
                try:
                    self._file.write(lessons.values())
                except OSError as error:
                    logger.error("The file of lessons was not written: %s", error.strerror)
                    return False
                self._saved = lessons
        return True


def _engine_in(detector: Detector) -> LocalDetector | None:
    if isinstance(detector, LocalDetector):
        return detector
    parts = detector.parts if isinstance(detector, Several) else ()
    return next((engine for part in parts if (engine := _engine_in(part))), None)


def _digest(reporter: str) -> bytes:
    return hashlib.blake2b(reporter.encode(), digest_size=REPORTER_BYTES).digest()
