"""A student's process, seen from the judge: started in a sandbox, asked, ended."""
import builtins
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from .wire import Decoder, Encoder, receive, send

HERE = Path(__file__).parent
PATIENCE = 10                     # seconds that a call gets at least, if the limit allows it
SYSTEM = ["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/nix/store"]


class StudentError(Exception):
    """A student's process is no more, or says nothing of use; kind: "time", "exit", "unreadable"."""

    def __init__(self, message, kind="exit"):
        super().__init__(message)
        self.kind = kind


def has_bubblewrap():
    """Whether `bwrap` is there and may make a sandbox on this machine."""
    if not shutil.which("bwrap"):
        return False
    done = subprocess.run([*sandbox("/"), "/bin/true"], stderr=subprocess.DEVNULL)
    return done.returncode == 0


def sandbox(package):
    """bubblewrap's arguments: the system's programs, Python and `package`, and nothing else.

    No home, no course, no repository, no network; no other process is seen, and all of them end
    with the first. What the virtual environment holds of backprop_lab is covered.
    """
    prefixes = dict.fromkeys([sys.base_prefix, sys.prefix])
    seen = [word for folder in [*SYSTEM, *prefixes] for word in ("--ro-bind-try", folder, folder)]
    covered = [word for prefix in prefixes if prefix != "/usr"
               for found in Path(prefix).glob("lib/python*/site-packages/backprop_lab")
               for word in ("--tmpfs", str(found))]
    return ["bwrap", "--size", str(100 * 2**20), "--tmpfs", "/tmp",      # first: Python may lie in /tmp
            *seen, *covered, "--ro-bind", str(package), "/sandbox",
            "--proc", "/proc", "--dev", "/dev", "--chdir", "/tmp", "--unshare-all",
            "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL",
            "--die-with-parent", "--new-session"]


ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "MPLBACKEND": "agg",
    **dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"),
}


class Student:
    """The functions of one hand-in, in a process of their own.

    cells: sources in order; names: the functions that may be asked for; package: a folder with
    worker.py and what the cells may import; references: sources of lent functions.
    """

    def __init__(self, cells, names, package, references=(), seconds=60, megabytes=2048,
                 isolated=True):
        self.job = {"cells": list(cells), "names": list(names), "references": list(references),
                    "megabytes": megabytes, "processes": 64 if isolated else 0, "reduced": []}
        self.package, self.seconds, self.isolated = Path(package), seconds, isolated
        self.process, self.troubles, self.found = None, [], []
        self.endings, self.endless = {}, set()

    def start(self):
        """Run the cells. A cell that ends the process or never ends is reduced to its functions."""
        for _ in range(4):
            self._spawn()
            try:
                send(self.process.stdin.fileno(), self.job)
                if self._run_cells():
                    return
            except OSError:
                pass
            self.close()

    def _run_cells(self):
        number = 0
        try:
            while "cell" in (said := self._hear()):
                number = said["cell"]
        except StudentError as error:
            if number in self.job["reduced"]:
                self.job["cells"][number] = ""
            self.job["reduced"].append(number)
            self.endings[number] = str(error)
            return False
        self.troubles, self.found = said["troubles"], said["names"]
        return True

    def _spawn(self):
        if self.isolated:
            command = [*sandbox(self.package), sys.executable, "-I", "/sandbox/worker.py"]
        else:
            command = [sys.executable, "-I", str(self.package / "worker.py")]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=ENVIRONMENT, start_new_session=True,
            cwd=None if self.isolated else tempfile.gettempdir())

    def close(self):
        """End the process and, in the sandbox, all that it has started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.communicate()
        self.process = None

    def _hear(self):
        """The next message; StudentError, and the process is ended, if there is none."""
        try:
            return receive(self.process.stdout.fileno(), self.seconds)
        except TimeoutError:
            self.close()
            raise StudentError(f"has not come back after {self.seconds:g} seconds", "time") from None
        except EOFError:
            self.process.wait()
            self.close()
            raise StudentError("ends the whole process") from None
        except (ValueError, RecursionError):
            self.close()
            raise StudentError("answers what cannot be read", "unreadable") from None

    def replies(self, request, name):
        """What comes back to one request; what a broken-off one left behind is passed over.

        A function that did not come back once is not waited for again, and the others of that
        hand-in get less time: one who loops everywhere does not keep the class waiting.
        """
        if name in self.endless:
            raise StudentError("has not come back", "time")
        if self.process is None:
            self.start()
        if self.process is None:
            raise StudentError("does not start")
        token = secrets.token_hex(8)
        try:
            send(self.process.stdin.fileno(), {**request, "token": token})
        except OSError:
            self.close()
            raise StudentError("ends the whole process") from None
        while True:
            try:
                reply = self._hear()
            except StudentError as error:
                if error.kind == "time":
                    self.endless.add(name)
                    self.seconds = max(self.seconds / 2, min(self.seconds, PATIENCE))
                raise
            if isinstance(reply, dict) and reply.get("token") == token:
                yield reply

    def answers(self, name, questions):
        """Answers to a check's questions and, where some are missing, why: "time" or "exit"."""
        found = []
        try:
            for reply in self.replies({"ask": name, "questions": questions}, name):
                if "answer" not in reply:
                    return found, None
                found.append(reply["answer"])
        except StudentError as error:
            return found, error.kind

    def function(self, name):
        """The student's function as one that can be called here."""
        def asked(*args, **named):
            encoder = Encoder()
            request = {"call": name, "args": encoder.value(args), "named": encoder.value(named)}
            reply = next(self.replies(request, name))
            if "error" in reply:
                raise error_of(reply["error"])
            try:
                result = Decoder(encoder.met).value(reply["result"])
                Decoder(encoder.met).refill(reply["contents"])
            except Exception:
                raise StudentError("answers what cannot be read", "unreadable") from None
            print(str(reply.get("printed", ""))[:2_000], end="")
            return result
        asked.__name__, asked.student = name, self
        return asked


def error_of(said):
    """The student's error as one of Python's own kinds, so that a test sees what it would see."""
    kind, message, line = (str(part) for part in said)
    known = getattr(builtins, kind, None)
    text = message + (f" (in the line: {line})" if line else "")
    if isinstance(known, type) and issubclass(known, Exception):
        try:
            return known(text)
        except TypeError:
            pass
    return StudentError(f"raises {kind}: {text}")
