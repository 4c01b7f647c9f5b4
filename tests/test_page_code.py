"""The page's numbers and engine under Node, beside what Python computes: the same random numbers, points, weights and
epochs."""
import json
import re
import shutil
import subprocess
from fractions import Fraction
from math import factorial
from struct import pack, unpack

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, __version__, read_points
from backprop_lab.playground import checked_settings, draw_points
from conftest import ROOT

NODE = shutil.which("node")
FOUR = [dict(data=data, n=500, layers=[2, 5, 5, 1], bias=[True, False, False], learning_rate=rate)
        for data in ("report", "XOR") for rate in (0.1, 0.02)]


def exact_fma(x, y, z):
    return float(Fraction(x) * Fraction(y) + Fraction(z))


LN_2 = Fraction("0.693147180559945309417232121458176568")
LOG2_E = float(1 / LN_2)
LOW = float(1 / LN_2 - Fraction(LOG2_E))
P = [
    float(Fraction(factorial(12 - n) * factorial(6), factorial(12) * factorial(n) * factorial(6 - n)) * LN_2**n)
    for n in range(7)
]
ROUND = 1.5 * 2.0**52


def exact_sigmoid(z):
    t = exact_fma(z, -LOG2_E, ROUND)
    k = unpack("<q", pack("<d", t))[0]
    power = unpack("<d", pack("<Q", ((k << 52) + (1023 << 52)) % 2**64))[0]
    f = exact_fma(z, -LOG2_E, ROUND - t)
    q, f = f * f, exact_fma(z, -LOW, f)
    even = exact_fma(q * q, exact_fma(q, P[6], P[4]), exact_fma(q, P[2], P[0]))
    odd = exact_fma(q, exact_fma(q, P[5], P[3]), P[1])
    return exact_fma(-f, odd, even) / exact_fma(odd, f * (power - 1), even * (1 + power))


def two_sums(start, pairs):
    sums = [start, 0.0]
    for i, (a, b) in enumerate(pairs):
        sums[i % 2] = exact_fma(a, b, sums[i % 2])
    return sums[0] + sums[1]


def exact_step(W, bias, x, target, rate):
    """One sample in fractions: forward, deltas that carry the rate, update; the weights change in place."""
    a = [list(x)]
    for m, b in zip(W, bias):
        columns = range(len(m[0]))
        a.append(
            [
                exact_sigmoid(two_sums(m[-1][j] if b else 0.0, [(v, m[i][j]) for i, v in enumerate(a[-1])]))
                for j in columns
            ]
        )
    delta = [(y - t) * (rate * y * (1 - y)) for y, t in zip(a[-1], target)]
    for m, row in zip(W[::-1], a[-2::-1]):
        before = [two_sums(0.0, zip(delta, m[i])) * (v * (1 - v)) for i, v in enumerate(row)]
        for w, v in zip(m, [*row, 1.0]):
            w[:] = [exact_fma(-v, d, old) for d, old in zip(delta, w)]
        delta = before


def steps(layers, bias, count):
    network, rng = SigmoidNetwork(layers, bias=bias, seed=7), np.random.default_rng(8)
    W = [m.tolist() for m in network.weights]
    X, T = (
        rng.uniform(0, 1, (count, layers[0])).tolist(),
        rng.integers(0, 2, (count, layers[-1])).astype(float).tolist(),
    )
    start = network.vector.tolist()
    for x, t in zip(X, T):
        exact_step(W, bias, x, t, 0.5)
    weights = [value for m in W for row in m for value in row]
    return dict(layers=layers, bias=bias, start=start, X=X, T=T, rate=0.5, weights=weights)


def fma_cases():
    rng = np.random.default_rng(3)
    scale = lambda: 2.0 ** rng.integers(-540, 500)
    for _ in range(3_000):
        x, y, z = (float(rng.normal() * scale()) for _ in range(3))
        yield [x, y, z]
        yield [x, y, -x * y * (1 + rng.integers(-2, 3) * 2.0**-52)]
        yield [x * 2.0**-500, y * 2.0**-500, float(rng.integers(0, 9)) * 5e-324]


def starts():
    for seed in range(3):
        for data in ("XOR", "linear", "circle", "gauss", "spiral", "curve"):
            for more in ({}, dict(noise=0.05, held_out=0.3), dict(n=7, init="glorot", layers=[2, 3, 1])):
                settings = dict(data=data, seed=seed, data_seed=seed, **more)
                s = checked_settings(**settings)
                X, y, X_test, _ = draw_points(s)
                network = SigmoidNetwork(s["layers"], s["bias"], s["init"], s["seed"])
                yield [settings, network.vector.tolist(), X.tolist(), y.tolist(), X_test.tolist()]


def runs():
    """The report's four; its network from 40 starts on XOR; 40 starts on 40 sets of linear points: to their ends."""
    xor, linear = FOUR[2], dict(data="linear")
    many = [kind | dict(seed=seed, data_seed=seed) for kind in (xor, linear) for seed in range(40)]
    for settings in [*FOUR, *many]:
        s = checked_settings(**settings)
        X, y, *_ = draw_points(s)
        network = SigmoidNetwork(s["layers"], s["bias"], s["init"], s["seed"]).fit(X, y, s["learning_rate"])
        assert network.separated, settings
        yield [settings, network.epochs, network.vector.tolist()]


def batches():
    """Weights after a hundred epochs in batches, by the matrices of numpy."""
    for data in ("gauss", "linear", "XOR"):
        for size in (2, 4, 8, 100):
            settings = dict(data=data, seed=size, data_seed=size, batch_size=size, layers=[2, 4, 1], init="glorot")
            s = checked_settings(**settings)
            X, y, *_ = draw_points(s)
            network = SigmoidNetwork(s["layers"], s["bias"], s["init"], s["seed"])
            network.fit(X, y, s["learning_rate"], epochs=100, batch_size=size)
            yield [settings, network.epochs, network.vector.tolist()]


TABLES = [
    "a,b,kind\n5.1,3.5,no\n6,-1,yes\n7,2,no\n", "5.1,3.5,0\n6,-1,1\n7,2,0\n", "a;b;kind\n5,1;3,5;no\n6;-1;yes\n",
    "# said\na\tb\tkind\n5.1\t3.5\tno\n6\t-1\tyes\n", "5.1 3.5 0\n6 -1 1\n7 2 1\n", "\ufeffa,b,c\n1,2,x\n3,4,y\n",
    '"a","b","kind"\n"5.1","3.5","no"\n6, -1, yes\n', "a,b,kind\n1,2,west\n3,4,east\n5,6,south\n",
    "a,b,c\r\n1e-3,2,1.0\r\n3,-4E2,0\r\n", 'a,b,c\n1,2,"x, y"\n3,4,"says ""z"""\n', "a,b,c,d\n1,2,3,x\n4,5,6,y\n",
    "寬,高,類\n1,2,紅\n3,4,藍\n", "a,b,c\n1,2,10\n3,4,9\n5,6,10\n", "a,b,c\n\n1,2,x\n\n3,4,y\n\n",
    "id,a,b,c\n" + "".join(f"{i},{i * i % 7},{i * 3 % 5},{'xy'[i % 2]}\n" for i in range(1, 7)),
    ",a,b,c\n7,1,2,x\n9,3,4,y\n", "n,a,c\n1,5,x\n2,6,y\n3,7,y\n",
    "", "a,b,c\n", "1,2,a\n3,,b\n", "1,2,a\n3,b\n", "1,2,a\n3,4,a\n", "1,2,a\n3,?,b\n", "1,2,a\n3,nan,b\n",
    "1,2,a\n3,inf,b\n", "1,2,a\n3,4,\n5,6,b\n",
]


def tables(folder):
    """What `read_points` makes of a table: X, T, names and labels, or None where it refuses."""
    for text in TABLES:
        (folder / "table.csv").write_text(text, encoding="utf-8", newline="")
        try:
            points = read_points(folder / "table.csv")
        except ValueError:
            yield [text, None]
            continue
        yield [text, {"X": points.X.tolist(), "T": points.y.tolist(), "names": list(points.names),
                      "labels": list(points.classes)}]


@pytest.mark.skipif(NODE is None, reason="Node is not here; the browser tests run the same code")
def test_the_page_computes_what_python_computes(tmp_path):
    finite = [case for case in fma_cases() if abs(case[2]) < 1e300 and np.isfinite(case[0] * case[1])]
    seeds = [*range(980), *(2**k + 1 for k in range(20, 160, 10)), [5, 1], [2**70, 2, 3], [0, 1, 2, 3, 4, 5]]
    reference = {
        "fma": [[*case, exact_fma(*case)] for case in finite],
        "seeds": [
            [
                [str(k) for k in seed] if isinstance(seed, list) else str(seed),
                np.random.default_rng(seed).uniform(-1, 2, 5).tolist(),
            ]
            for seed in seeds
        ],
        "steps": [
            steps([2, 5, 5, 1], [True, False, False], 60),
            steps([3, 4, 2], [True, True], 60),
            steps([2, 1], [False], 20),
        ],
        "starts": list(starts()),
        "runs": list(runs()),
        "batches": list(batches()),
        "tables": list(tables(tmp_path)),
    }
    (tmp_path / "reference.json").write_text(json.dumps(reference))
    done = subprocess.run([NODE, "--test", *map(str, sorted((ROOT / "tests" / "page").glob("*.test.mjs")))],
                          env={"PAGE_REFERENCE": str(tmp_path / "reference.json"), "PATH": "/usr/bin:/bin"},
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "# skipped 0" in done.stdout


def test_each_row_of_the_table_has_its_browser_test():
    """The table beside TensorFlow Playground names browser tests that there are; a row without one says why."""
    cells = json.loads((ROOT / "nbs" / "11_playground.ipynb").read_text(encoding="utf-8"))["cells"]
    text, = ["".join(cell["source"]) for cell in cells if "## Beside TensorFlow" in "".join(cell["source"])]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "browser").glob("test_*.py"))
    there = set(re.findall(r"^def test_(\w+)\(", tests, re.M))
    rows = [row.strip("|").split("|") for row in text.splitlines() if row.startswith("|")][2:]
    assert len(rows) > 25
    for name, _, ours, named in rows:
        named = re.findall(r"`(\w+)`", named)
        assert named or ours.strip().startswith("no"), name
        assert set(named) <= there, (name, set(named) - there)


def test_the_page_writes_the_version_of_the_package():
    assert f'version: "{__version__}"' in (ROOT / "backprop_lab" / "playground_trainer.js").read_text(encoding="utf-8")
