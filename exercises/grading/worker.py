"""A student's process: it runs the cells of one hand-in, then calls its functions as it is told.

It gets inputs and returns outputs. No test, expected value, solution or verdict is in here.
"""
import ast
import io
import json
import linecache
import os
import re
import resource
import sys
import traceback
from importlib.machinery import PathFinder

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))      # wire, and the small backprop_lab

import asking  # noqa: E402
from wire import Decoder, Encoder, receive, send  # noqa: E402

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
PRINTED = 2_000                                  # characters of a call that are kept


class Printed(io.StringIO):
    """What is printed, cut after a while: an endless print does not eat the memory."""

    def write(self, text):
        room = PRINTED - self.tell()
        return super().write(str(text)[:room]) if room > 0 else 0


class OnlyWhatIsLent:
    """Finds backprop_lab beside this file alone, even where the whole one is installed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] != "backprop_lab":
            return None
        if found := PathFinder.find_spec(name, path or [os.path.dirname(asking.__file__)]):
            return found
        raise ModuleNotFoundError(f"{name} is not part of this exercise", name=name)


def limit(megabytes, processes):
    """Memory, files and processes, so that one hand-in cannot take the machine from the others."""
    limits = {resource.RLIMIT_AS: megabytes * 2**20, resource.RLIMIT_FSIZE: 100 * 2**20,
              resource.RLIMIT_CORE: 0}
    if processes:                                # in the sandbox they are counted for it alone
        limits[resource.RLIMIT_NPROC] = processes
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def without_magics(source):
    """The cell without IPython's own lines (%time, !pip), which need a notebook."""
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.M)


def run_cell(number, source, namespace, only_definitions):
    """None, or what went wrong. After an error the functions below it are still taken."""
    name = f"cell {number}"
    try:
        tree = ast.parse(without_magics(source), name)
    except (SyntaxError, ValueError) as error:
        return said_of(error, {})
    trouble = None
    if not only_definitions:
        try:
            exec(compile(tree, name, "exec"), namespace)
            return None
        except BaseException as error:
            trouble = said_of(error, {name: source})
    for part in tree.body:
        if isinstance(part, DEFINITIONS):
            try:
                exec(compile(ast.Module([part], []), name, "exec"), namespace)
            except BaseException as error:
                trouble = trouble or said_of(error, {name: source})
    return trouble


def said_of(error, sources):
    """An error as [its kind, its message, the line of the student's code]."""
    if isinstance(error, SyntaxError):
        return [type(error).__name__, str(error.msg)[:500], (error.text or "").strip()[:200]]
    lines = [sources[frame.filename].splitlines()[frame.lineno - 1].strip()
             for frame in traceback.extract_tb(error.__traceback__) if frame.filename in sources]
    return [type(error).__name__, str(error)[:500], lines[-1][:200] if lines else ""]


def answer(request, namespace, sources):
    """Call the function that the judge names; its answer, and what its arguments hold afterwards."""
    decoder = Decoder()
    args, named = decoder.value(request["args"]), decoder.value(request["named"])
    sys.stdout = printed = Printed()
    try:
        result = namespace[request["call"]](*args, **named)
        reply = {"result": Encoder(decoder.met).value(result),
                 "contents": Encoder(decoder.met).contents()}
        json.dumps(reply)
    except BaseException as error:
        reply = {"error": said_of(error, sources)}
    return {**reply, "token": request["token"], "printed": printed.getvalue()}


def channels():
    """The judge's two channels, away from where prints and errors go."""
    hear, say = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    return hear, say


def answer_questions(request, namespace):
    """The answers to a check's questions, one after the other, then the word that all are there."""
    function = namespace.get(request["ask"])
    for one in asking.answers(function, request["questions"]):
        yield {"answer": one, "token": request["token"]}
    yield {"done": True, "token": request["token"]}


def main():
    """Read the cells, say which one runs, then answer calls until the judge has heard enough."""
    hear, say = channels()
    job = receive(hear)
    limit(job["megabytes"], job["processes"])
    sys.meta_path.insert(0, OnlyWhatIsLent)
    namespace, troubles = {"__name__": "__main__"}, []
    sys.stdout, sys.argv = Printed(), ["notebook"]
    for number, source in enumerate(job["cells"]):
        linecache.cache[f"cell {number}"] = len(source), None, source.splitlines(True), ""
        send(say, {"cell": number})
        troubles.append(run_cell(number, source, namespace, number in job["reduced"]))
    sources = {f"cell {number}": source for number, source in enumerate(job["cells"])}
    names = [name for name in job["names"] if callable(namespace.get(name))]
    for source in job["references"]:                       # earlier pieces, where they are lent
        exec(source, namespace)
    send(say, {"troubles": troubles, "names": names})
    while True:
        try:
            request = receive(hear)
        except EOFError:
            os._exit(0)
        if "ask" in request:
            for reply in answer_questions(request, namespace):
                send(say, reply)
        else:
            send(say, answer(request, namespace, sources))


if __name__ == "__main__":
    main()
