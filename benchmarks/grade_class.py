"""How long grading a class of 30 takes: python benchmarks/grade_class.py prints the seconds.

Every hand-in is different from the others: eighteen right ones, six with a mistake in each exercise,
three half done, two blank, and one whose functions never come back. Let nothing else run.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

EXERCISES = Path(__file__).parent.parent / "exercises"
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.S)
MISTAKES = [("1 - a)", "1 + a)"), ("-np.", "np."), (" / len(a)", ""), ("-=", "+="),
            (".T) * a * (1 - a)", ".T)"), ("(sigmoid(a @ W))", "(a @ W)")]


def answer(source, kind, student):
    """A solution as that kind of student would hand it in."""
    code = re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", source, flags=re.M)
    if kind == "wrong":
        for right, wrong in MISTAKES:
            code = code.replace(right, wrong)
    elif kind == "endless":
        code = re.sub(r"\n.*", "\n    while True:\n        pass", code, count=1, flags=re.S)
    return f"{code}\n# {student}"


def hand_in(folder, student, kind):
    target = folder / "submitted" / student / "lab"
    target.mkdir(parents=True)
    for number, path in enumerate(sorted((EXERCISES / "source" / "lab").glob("*.ipynb"))):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = HIDDEN.sub("", cell.source)
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
                blank = kind == "blank" or kind == "half" and number > 1
                cell.source = f"# {student}" if blank else answer(cell.source, kind, student)
        nbformat.write(notebook, target / path.name)


def main():
    kinds = ["right"] * 18 + ["wrong"] * 6 + ["half"] * 3 + ["blank"] * 2 + ["endless"]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "source").mkdir()
        (folder / "source" / "lab").symlink_to((EXERCISES / "source" / "lab").resolve())
        for number, kind in enumerate(kinds):
            hand_in(folder, f"{kind}{number}", kind)
        start = time.perf_counter()
        subprocess.run([sys.executable, EXERCISES / "grade.py", folder], stdout=subprocess.DEVNULL)
        took = time.perf_counter() - start
        print(f"{len(kinds)} students on {os.cpu_count()} cores: {took:.0f} seconds; "
              f"load of the machine {os.getloadavg()[1]:.1f}, of which 2 are ours")


if __name__ == "__main__":
    main()
