"""What several tests need: the root of the repository and commands run as a user would run them."""
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def in_a_fork(action):
    """Run `action` in a forked child; returns its process number."""
    pid = os.fork()
    if pid == 0:
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return pid


def kill_until_done(action, seed, shortest, longest):
    """Run `action` in one child after another, each killed after a random time, until one ends by itself; at least two are killed."""
    times, kills = random.Random(seed), 0
    while True:
        child = in_a_fork(action)
        time.sleep(times.uniform(shortest, longest))
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            break
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
    assert kills >= 2


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def command(tmp_path):
    """Run `backprop-lab` with the given arguments in an empty folder; returns the finished process."""

    def run(*args, **options):
        options = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120, **options}
        return subprocess.run([Path(sys.executable).parent / "backprop-lab", *map(str, args)], **options)

    return run
