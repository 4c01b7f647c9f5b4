"""Right solutions get full marks whatever their style, wrong ones their cause and a case; faults stay the student's."""
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from backprop_lab import asking, causes, check
from collection import figures, right, wrong
from helpers import ROOT


@pytest.fixture(scope="module")
def counted():
    return figures.figures()


def test_the_figures_of_the_collection(counted):
    numbers, findings = counted
    kept = json.loads((ROOT / "tests" / "collection" / "figures.json").read_text())
    assert numbers == kept, "run `python -W ignore -m tests.collection -w` and `python tests/trust_table.py`"
    assert numbers["wrong solutions"] >= 120 and numbers["right solutions"] >= 60
    assert numbers["wrong solutions that pass"] == 0 and numbers["of them that fail"] == 0
    assert numbers["wrong solutions without a failing case"] == 0
    assert numbers["of them named"] >= 0.8 * numbers["wrong solutions"]
    assert numbers["of them both named"] >= 0.6 * numbers["pairs of mistakes"]
    assert numbers["of them named at first sight"] >= 0.7 * numbers["held out"]


def test_every_verdict_says_its_causes_in_both_languages(counted):
    for found in counted[1]:
        for language in causes.LANGUAGES:
            for cause in found.verdict.causes:
                if cause not in ("slow", "no_end"):
                    assert check.sentence(cause, language)
        json.dumps(found.verdict.as_dict())


@pytest.mark.parametrize("seed", [1, 2026])
def test_right_ones_are_right_with_other_seeds(seed):
    for task, function in right.RIGHT:
        verdict = check.TASKS[task](function, seed=seed)
        assert verdict.score == 1, str(verdict)


def test_sentences_are_used_and_complete():
    for cause, words in causes.SENTENCES.items():
        assert set(words) == {"en", "zh_TW"} and all(words.values())
        marks = [sorted(re.findall(r"{\d[^}]*}", text)) for text in words.values()]
        assert marks[0] == marks[1], cause
    for name in causes.CHOICES:
        for solution in causes.solutions(name, 1):
            assert all(check.sentence(cause) for cause in solution.causes)


@pytest.mark.parametrize("name", causes.CHOICES)
def test_a_wrong_piece_is_named_or_another_with_the_same_numbers(name):
    for solution in list(causes.solutions(name, 1))[:: 4 if name == "train_epoch" else 2]:
        verdict = check.TASKS[name](solution.function)
        if not verdict:
            assert verdict.causes and "unknown" not in verdict.causes, solution.causes


def test_require_raises_without_assert():
    code = "from backprop_lab import check; check.sigmoid(lambda x: x).require()"
    done = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1 and "AssertionError: not yet: sigmoid" in done.stderr


def test_a_verdict_can_be_had_again_and_its_case():
    verdict = check.gradient(lambda a, W, delta: W, seed=7)
    again, case = verdict.again(), check.case("gradient", verdict.case.number, seed=7)
    assert (again.causes, again.score, again.seed) == (verdict.causes, verdict.score, 7)
    assert str(case) in str(verdict) and "seed 7" in str(verdict)
    assert case.size == min(one.size for one in check.gradient.cases(7))


def test_languages():
    wrong_one = lambda y, y_true: y_true - y
    english, chinese = check.output_delta(wrong_one), check.output_delta(wrong_one, language="zh_TW")
    assert english.causes == chinese.causes and "正確答案" in str(chinese) and "expected" in str(english)
    check.language = "zh_TW"
    try:
        assert str(check.output_delta(wrong_one)) == str(chinese)
    finally:
        check.language = "en"
    with pytest.raises(ValueError, match="expected one of en, zh_TW"):
        check.output_delta(wrong_one, language="fr")


def test_judged_elsewhere_is_judged_the_same():
    questions = json.loads(json.dumps(check.backward.questions(3)))
    function = wrong.WRONG[-30][1]
    task = check.TASKS[wrong.WRONG[-30][0]]
    questions = json.loads(json.dumps(task.questions(3)))
    answers = json.loads(json.dumps(list(asking.answers(function, questions))))
    judged, tried = task.judge(answers, seed=3), task(function, seed=3)
    assert judged.as_dict() == tried.as_dict()
    half = task.judge(answers[:5], seed=3, stopped="exit")
    assert "ends_process" in half.causes and half.tried == judged.tried
    with pytest.raises(ValueError, match="made from answers"):
        judged.again()


def test_a_function_that_kills_its_process_is_reported():
    verdict = check.forward(lambda weights, X: os.kill(os.getpid(), signal.SIGKILL))
    assert verdict.causes == ("ends_process",) and verdict.case is not None


def test_forks_leave_nothing_behind():
    def forks(x):
        if np.ndim(x) == 0:
            for _ in range(30):
                os.fork()
        return 1 / (1 + np.exp(-np.asarray(x)))

    def endless_forks(x):
        while True:
            if os.fork() == 0:
                time.sleep(100)

    before = set(os.listdir("/proc"))
    for function in (forks, endless_forks):
        assert not check.sigmoid(function, seconds=3)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        new = [p for p in set(os.listdir("/proc")) - before if p.isdigit() and ours(p)]
        if not new:
            return
        time.sleep(0.2)
    assert new == []


def ours(process):
    "Whether a process comes from this one: a fork has the same command line."
    try:
        with open(f"/proc/{process}/cmdline", "rb") as theirs, open("/proc/self/cmdline", "rb") as mine:
            return theirs.read() == mine.read()
    except OSError:
        return False


def test_slow_is_not_endless():
    def slow(x):
        time.sleep(0.2)
        return 1 / (1 + np.exp(-np.asarray(x)))

    def endless(x):
        while np.ndim(x) == 1:
            pass
        return 1 / (1 + np.exp(-np.asarray(x)))

    assert check.sigmoid(slow, seconds=2).causes == ("slow",)
    verdict = check.sigmoid(endless, seconds=1)
    assert verdict.causes == ("no_end",) and verdict.case.arguments["x"].ndim == 1
    full = check.sigmoid(slow, seconds=20)
    assert full and "slow" in full.notes[0]


def test_much_memory_much_text():
    assert "MemoryError" in str(check.sigmoid(lambda x: np.ones(10 ** 11)))

    def loud(x):
        print("y" * 10 ** 7)
        raise ValueError("z" * 10 ** 7)

    text = str(check.sigmoid(loud))
    assert len(text) < 3000 and "yyy" in text and "zzz" in text


def test_errors_have_their_line_and_shapes():
    def forward(weights, X):
        hidden = X @ weights[5]
        return [X, hidden]

    text = str(check.forward(forward))
    assert "hidden = X @ weights[5]" in text and "weights [(1, 1)], X (1,)" in text


def test_update_in_place():
    assert check.update(lambda w, g, r: [W - r * G for W, G in zip(w, g)]).causes == ("not_in_place",)
    assert 0.3 < check.update(lambda w, g, r: [W - r * G for W, G in zip(w, g)]).score < 0.7

    def replaces(weights, gradients, rate):
        weights[:] = [W - rate * G for W, G in zip(weights, gradients)]

    assert check.update(replaces) and "New matrices" in check.update(replaces).notes[0]


def test_no_points_for_nothing():
    for name, task in check.TASKS.items():
        for nothing in (lambda *a: None, lambda *a: 0, lambda *a: a[0], lambda *a: [0 * W for W in a[0]]):
            verdict = task(nothing)
            assert not verdict and verdict.score < 0.1, (name, verdict.score)


def test_what_is_no_function():
    with pytest.raises(ValueError, match="expected your function"):
        check.sigmoid(0.5)


def test_the_students_names_are_not_replaced_by_a_star():
    names = {"forward": 1}
    exec("from backprop_lab.check import *", names)
    assert names["forward"] == 1
