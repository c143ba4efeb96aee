"""`SyncSpamShield` where processes fork and end: each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

SCRIPT = """
import asyncio, os, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from fastapi_spamshield import Detection, SpamShieldSettings, SyncSpamShield

class Waiting:
    name = "waiting"
    opened = 0

    async def __aenter__(self):
        self.opened += 1
        # What asyncio does with a detector's sockets.
        self.server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)

    async def __aexit__(self, *exc):
        self.server.close()
        await self.server.wait_closed()

    async def detect(self, submission):
        await asyncio.sleep(0.001)
        return Detection(score=0.9 if "SPAM" in submission.text else 0.1)

def judge(shield, text="SPAM"):
    verdict = shield.check(text)
    return f"{verdict.status} {verdict.label}"

def child(function):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        function()
        sys.exit()  # With all that a process does at its end.
    assert os.waitpid(pid, 0)[1] == 0
"""


def run(script: str) -> list[str]:
    done = subprocess.run(
        [
            sys.executable,
            *("-W", "error"),
            # Python's own warning about a fork with threads; that it works is what is tested.
            *("-W", "ignore:This process:DeprecationWarning"),
            *("-c", SCRIPT + script),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout.splitlines()


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@forks
def test_an_application_is_loaded_before_its_workers_fork() -> None:
    lines = run("""
shield = SyncSpamShield(Waiting())
for _ in range(3):
    child(lambda: print(judge(shield), threading.active_count(), shield.detector.opened))
print(threading.active_count(), shield.detector.opened)
""")
    assert lines == ["checked spam 2 1"] * 3 + ["1 0"]


@forks
def test_a_fork_while_the_loop_runs_leaves_both_with_one_of_their_own() -> None:
    lines = run("""
with SyncSpamShield(Waiting()) as shield:
    print(judge(shield))

    def work():
        print(threading.active_count(), judge(shield), threading.active_count())
        child(lambda: print("grandchild", judge(shield)))
        print(judge(shield))

    child(work)
    print(judge(shield), shield.detector.opened)
""")
    assert lines == [
        "checked spam",
        "1 checked spam 2",
        "grandchild checked spam",
        "checked spam",
        "checked spam 1",
    ]


@forks
def test_a_child_may_leave_what_its_parent_entered() -> None:
    lines = run("""
shield = SyncSpamShield(Waiting())

def work():
    shield.__exit__(None, None, None)
    with shield:
        print(judge(shield))

with shield:
    child(work)
    print(judge(shield))
""")
    assert lines == ["checked spam"] * 2


@forks
def test_a_fork_while_threads_hammer_it() -> None:
    lines = run("""
shield = SyncSpamShield(Waiting())
stop = threading.Event()

def hammer():
    while not stop.is_set():
        assert judge(shield) == "checked spam"

with ThreadPoolExecutor(4) as threads:
    hammering = [threads.submit(hammer) for _ in range(4)]
    for _ in range(20):
        pid = os.fork()
        if pid == 0:
            assert judge(shield) == "checked spam"
            shield.close()
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    stop.set()
    for one in hammering:
        one.result()
shield.close()
print("done")
""")
    assert lines == ["done"]


@forks
def test_the_embedded_engine_forks_without_a_thread() -> None:
    lines = run("""
shield = SyncSpamShield()
print(judge(shield, "Act now! Claim your prize, free bitcoin: https://bit.ly/x1"))
child(lambda: print(judge(shield), threading.active_count()))
""")
    assert lines == ["checked spam", "checked ham 1"]


@pytest.mark.parametrize(
    "end", ["", "sys.exit()", "del shield"], ids=["falls off", "exits", "forgets it"]
)
def test_at_the_end_of_the_interpreter_later_checks_are_finished(end: str) -> None:
    lines = run(f"""
import atexit
atexit.register(lambda: print("end"))

def say(verdict, _):
    sys.stdout.write(f"{{verdict.status}} {{verdict.label}}\\n")

shield = SyncSpamShield(Waiting())
for number in range(20):
    shield.check_later("SPAM", say)
{end}
""")
    assert lines == ["checked spam"] * 20 + ["end"]


def test_a_thread_of_the_shield_does_not_keep_the_interpreter_alive() -> None:
    lines = run("""
class Endless(Waiting):
    async def detect(self, submission):
        await asyncio.Event().wait()

shield = SyncSpamShield(Endless(), settings=SpamShieldSettings(timeout=60, drain_timeout=0.01))
shield.check_later("x", lambda verdict, _: print(verdict.status, verdict.error, flush=True))
import logging
logging.disable()
""")
    assert lines == ["degraded timeout"]


def test_a_forked_process_learns_by_itself() -> None:
    lines = run("""
shield = SyncSpamShield()
verdict = shield.check("Is the shop open on Sunday? I could not find it.")

def learn():
    shield.feedback(verdict.id, "spam")
    print("child", shield.lessons().spam, flush=True)

child(learn)
print("parent", shield.lessons().spam)
child(learn)
shield.feedback(verdict.id, "spam")
print("parent", shield.lessons().spam)
""")
    assert lines == ["child 1", "parent 0", "child 1", "parent 1"]
