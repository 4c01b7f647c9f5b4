"""What several tests need: the root of the repository, and children that can die."""
import os
from pathlib import Path

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


def dies_at(call, action):
    """Run `action` in a child that dies at the `call`-th fsync or replace; whether it died there."""
    left = [call]

    def counted(real):
        def function(*args):
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
            return real(*args)
        return function

    def child():
        os.fsync, os.replace = counted(os.fsync), counted(os.replace)
        action()
    return os.waitstatus_to_exitcode(os.waitpid(in_a_fork(child), 0)[1]) == 9
