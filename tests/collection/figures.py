"""What `check` makes of the collection, counted."""
from typing import NamedTuple

from backprop_lab import check

from . import held_out, pairs, right, wrong, wrong_more, wrong_too


class Found(NamedTuple):
    """A wrong solution and its verdict: which of its mistakes were named."""
    name: str
    named: tuple
    verdict: object


def short_names(verdict):
    """The causes of a verdict without their numbers; a cause in all layers is one in each."""
    whole = {cause.partition("=")[0] for cause in verdict.causes}
    places = {f"{cause}@{place}" for cause in whole if "@" not in cause for place in ("output", "hidden")}
    return whole | places | {cause.partition("@")[0] for cause in whole}


def tried(solutions, seed=0):
    """A `Found` for each (task, function, causes, ...): whether any cause of each group is in the verdict."""
    for task, function, *groups in solutions:
        verdict = check.TASKS[task](function, seed=seed)
        names = short_names(verdict)
        named = tuple(any(cause in names for cause in group) for group in groups)
        yield Found(f"{task} {function.__name__}", named, verdict)


def figures(seed=0):
    """The figures of the trust page, and the single findings."""
    known = list(tried(wrong.WRONG + wrong_too.WRONG + wrong_more.WRONG, seed))
    unseen, twice = list(tried(held_out.WRONG, seed)), list(tried(pairs.PAIRS, seed))
    rights = [check.TASKS[task](function, seed=seed) for task, function in right.RIGHT]
    everything = known + unseen + twice
    return {
        "wrong solutions": len(known + unseen),
        "of them named": sum(all(found.named) for found in known + unseen),
        "held out": len(unseen),
        "of them named at first sight": sum(all(found.named) for found in unseen),
        "pairs of mistakes": len(twice),
        "of them both named": sum(all(found.named) for found in twice),
        "wrong solutions that pass": sum(bool(found.verdict) for found in everything),
        "wrong solutions without a failing case": sum(found.verdict.case is None for found in everything),
        "right solutions": len(rights),
        "of them that fail": sum(not verdict for verdict in rights),
    }, everything


def tell(results, every=False):
    """Print the figures, and what was not named (or everything)."""
    numbers, findings = results
    for found in findings:
        if every or not all(found.named):
            print(f"{'named' if all(found.named) else 'other':6}{found.name}: {', '.join(found.verdict.causes)}")
    for what, number in numbers.items():
        print(f"{number:5}  {what}")
