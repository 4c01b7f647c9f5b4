"""The figures of the trust notebook's table are not typed: `python tests/trust_table.py` writes its third column, and
test_trust.py compares. The figures are the numbers that the tests count with."""
import json
import re
import tempfile
from pathlib import Path

import cases
from helpers import ROOT

NOTEBOOK = ROOT / "nbs" / "50_trust.ipynb"
COLLECTION = json.loads((ROOT / "tests" / "collection" / "figures.json").read_text())


def wrong_arguments():
    import test_network
    return sum(map(len, test_network.BAD.values()))


def bits_of_a_file():
    import test_saving
    with tempfile.TemporaryDirectory() as folder:
        return 8 * test_saving.small_file(Path(folder) / "network").stat().st_size


def parameters(test):
    """How many cases a test is parametrized with."""
    (mark,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return len(mark.args[1])


def tried():
    """{how the row's second column ends: what the third says}."""
    import test_install
    import test_sklearn
    import test_surroundings
    found = COLLECTION
    share = round(100 * found["of them named"] / found["wrong solutions"])
    return {
        "complex_step": f"{cases.NETWORKS} networks, every layer",
        "saturated": f"{cases.SATURATED} networks with the report's start, {cases.ELEMENTS} gradients of every layer",
        "autograd": f"{cases.NETWORKS} networks each",
        "thousand_steps": "4 trainings, two engines",
        "very_first": "7,002 epochs one by one",
        "fit_refuses": f"{wrong_arguments()} wrong values of {len(__import__('test_network').BAD)} arguments",
        "killed_while_saving": f"{cases.KILLS} kills",
        "flipped_bit": f"all {bits_of_a_file():,} bits of a file",
        "mutated_file": f"{cases.NETWORK_FILES:,} mutated files",
        "mutated_table": f"{cases.TABLES:,} mutated tables",
        "guided_fuzzing": f"{cases.FUZZ_SECONDS} seconds each, for as long as you like by `make fuzz`",
        "any_write": f"killed at each of {cases.WRITES} steps of writing",
        "whole_epoch": f"{cases.INTERRUPTS} interrupts at random times in each of {len(cases.INTERRUPTED)} kinds of training",
        "numba_is_imported": f"{cases.EARLY_INTERRUPTS} moments of the first second and a half",
        "called_again": f"{cases.STUDY_INTERRUPTS} interrupts at random times, one by one and side by side",
        "every_statement": f"killed at {cases.STATEMENTS} places",
        "several_at_once": f"{cases.OPENINGS} stores each, opened by 2, 4 and 8 processes",
        "damaged_store": f"{cases.DAMAGED_STORES} damaged stores",
        "same_rows": f"{cases.STUDY_ROWS} runs",
        "lifelines": f"{cases.SURVIVAL_TABLES:,} tables of runs",
        "share_no_number": f"{cases.SEEDS} seeds",
        "is_content": f"all of `check_estimator`, {len(test_sklearn.SETTINGS)} settings",
        "leaves_nothing": f"{parameters(test_sklearn.test_a_fit_that_raised_leaves_nothing_that_predicts)} wrong parameters",
        "it_works_there": f"{parameters(test_surroundings.test_it_works_there) + 1} surroundings",
        "tests.collection": f"{found['wrong solutions']} wrong solutions: {found['of them named']} named ({share} %), "
                            f"of {found['held out']} that were held out {found['of them named at first sight']}; "
                            f"{found['of them both named']} of {found['pairs of mistakes']} pairs; "
                            f"{found['wrong solutions that pass']} pass; of {found['right solutions']} right ones "
                            f"{found['of them that fail']} fail",
        "wheel_works": f"Python {', '.join(test_install.VERSIONS)} where they are found, and the one at hand",
    }


def rows(text):
    """The lines of the table, each as its cells."""
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| ")][1:]


def key(where):
    """The word that a row's second column gives for the tests: the last one in `` `-k` `` or in backticks."""
    return re.findall(r"`([^`]+)`", where)[-1].split("-k ")[-1] if "`" in where else None


def filled(text):
    """The table with its third column from `tried`."""
    words = tried()
    def line(match):
        cells = re.split(r"(?<!\\)\|", match[0])
        cells[3] = f" {words[key(cells[2])]} " if key(cells[2]) in words else cells[3]
        return "|".join(cells)
    return re.sub(r"^\| (?!promise|---).*$", line, text, flags=re.M)


def table_cell(notebook):
    """The cell of a notebook, as JSON, that holds the table."""
    (cell,) = [cell for cell in notebook["cells"] if "".join(cell["source"]).startswith("## The table")]
    return cell


if __name__ == "__main__":
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cell = table_cell(notebook)
    cell["source"] = filled("".join(cell["source"])).splitlines(keepends=True)
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
