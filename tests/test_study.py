"""A study that is killed, shared, interrupted, spread over processes, or given something wrong."""
import json
import multiprocessing
import os
import random
import resource
import signal
import sqlite3
import threading
import time
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from backprop_lab import SigmoidNetwork, generate_linear, generate_xor_easy
from backprop_lab import studies
from backprop_lab.studies import Store, median_interval, points_generator, stopping_epochs, stored_rows, study
from cases import DAMAGED_STORES, OPENINGS, SEEDS, STATEMENTS, STUDY_INTERRUPTS, STUDY_ROWS
from helpers import in_a_fork

XOR = {"XOR": generate_xor_easy()}
DATA = {"linear": lambda rng: generate_linear(30, rng), **XOR}
SETTINGS = dict(grid={"learning_rate": [0.1, 0.5], "layers": [[2, 3, 1]]}, seeds=range(10), epochs=5_000)


def rows(table):
    return table.drop(columns="seconds")


def same(found, expected):
    pd.testing.assert_frame_equal(rows(found), rows(expected), check_exact=True)


@pytest.fixture(scope="module")
def table():
    return study(DATA, **SETTINGS, n_jobs=1)


def test_many_at_once_and_one_by_one_give_the_same_rows(table):
    assert len(table) == STUDY_ROWS
    same(study(DATA, **SETTINGS, side_by_side=True), table)
    same(study(DATA, **SETTINGS, side_by_side=False, n_jobs=2), table)


def test_a_row_is_what_fit_does(table):
    for _, row in table[table.seed < 3].iterrows():
        X, y = generate_linear(30, points_generator(row.seed)) if row.data == "linear" else XOR["XOR"]
        network = SigmoidNetwork([2, 3, 1], seed=row.seed).fit(X, y, row.learning_rate, epochs=5_000)
        assert (network.epochs, network.separated, network.loss(X, y)) == (row.epochs, row.separated, row.loss)


def test_the_numbers_are_those_of_the_store():
    """If these change, rows in old stores are wrong: raise NUMERICS in the notebook, then the numbers here."""
    grid = {"learning_rate": [0.1, 2], "layers": [[2, 3, 1]], "init": ["uniform", "glorot"]}
    found = study({"linear": DATA["linear"]}, grid=grid, seeds=[1, 2], epochs=5_000)
    assert studies.NUMERICS == 2
    assert found.epochs.tolist() == NUMBERS


NUMBERS = [259, 236, 209, 209, 19, 43, 15, 40]


# killed


def test_killed_at_every_statement(tmp_path):
    """A child dies at the k-th statement that its store is told, for every k; the next child goes on."""
    path, settings = tmp_path / "study.sqlite", dict(SETTINGS, seeds=range(3), n_jobs=1)

    def dying(call):
        def child():
            left, real = [call], sqlite3.connect

            def counted(statement):
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)

            def connect(*args, **options):
                connection = real(*args, **options)
                connection.set_trace_callback(counted)
                return connection
            studies.sqlite3 = SimpleNamespace(**{**vars(sqlite3), "connect": connect})
            study(DATA, **settings, store=path)
        return os.waitstatus_to_exitcode(os.waitpid(in_a_fork(child), 0)[1])
    deaths = [dying(call) for call in range(0, 3 * STATEMENTS, 3)]
    assert set(deaths) <= {0, 9} and deaths.count(9) >= 5
    same(study(DATA, **settings, store=path), study(DATA, **settings))


def test_what_was_done_before_an_error_is_kept(tmp_path, monkeypatch):
    path, real, calls = tmp_path / "study.sqlite", studies.run_part, []

    def part(*args):
        calls.append(args)
        if len(calls) == 4:
            raise RuntimeError("the scheduler is gone")
        return real(*args)
    monkeypatch.setattr(studies, "run_part", part)
    words = r"scheduler is gone; \d+ of 40 runs are done, they are in the store .*: run the same"
    with pytest.raises(RuntimeError, match=words):
        study(DATA, **SETTINGS, n_jobs=1, store=path)
    kept = sum(len(part) for part in stored_rows(path))
    assert 0 < kept < 40
    monkeypatch.setattr(studies, "run_part", real)
    same(study(DATA, **SETTINGS, store=path), study(DATA, **SETTINGS))


def test_an_interrupted_study_leaves_no_thread_at_work():
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        study(XOR, grid={"learning_rate": [1e-4], "layers": [[2, 3, 1]]}, seeds=range(8), epochs=10**9, n_jobs=2)
    time.sleep(1)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.2


@pytest.mark.parametrize("side_by_side", [False, True])
def test_interrupted_at_random_times_and_called_again(tmp_path, side_by_side):
    settings = dict(grid={"learning_rate": [0.1, 0.5], "layers": [[2, 3, 1]]}, seeds=range(64), epochs=3_000, n_jobs=2,
                    side_by_side=side_by_side)
    whole, start = study(XOR, **settings), time.perf_counter()
    study(XOR, **settings)
    longest, times, interrupted = time.perf_counter() - start, random.Random(0), 0
    for k in range(STUDY_INTERRUPTS):
        timer = threading.Timer(times.uniform(0, 0.8 * longest), os.kill, (os.getpid(), signal.SIGINT))
        try:
            timer.start()
            study(XOR, **settings, store=tmp_path / f"{k}.sqlite")
            timer.cancel()
        except KeyboardInterrupt:
            interrupted += 1
        same(study(XOR, **settings, store=tmp_path / f"{k}.sqlite"), whole)
    assert interrupted > STUDY_INTERRUPTS // 3


# shared


def open_and_leave(path, gate):
    gate.wait(60)
    Store(path).close()


@pytest.mark.parametrize("processes", [2, 4, 8])
def test_a_new_store_is_opened_by_several_at_once(tmp_path, processes):
    context = multiprocessing.get_context("fork")
    for k in range(OPENINGS):
        gate = context.Barrier(processes)
        arguments = (tmp_path / f"{k}.sqlite", gate)
        children = [context.Process(target=open_and_leave, args=arguments) for _ in range(processes)]
        for child in children: child.start()
        for child in children: child.join(120)
        assert [child.exitcode for child in children] == [0] * processes


def test_processes_share_a_store(tmp_path, table):
    path, context = tmp_path / "study.sqlite", multiprocessing.get_context("fork")
    options = dict(SETTINGS, n_jobs=1, store=path)
    children = [context.Process(target=study, args=(DATA,), kwargs=options) for _ in range(3)]
    for child in children: child.start()
    for child in children: child.join(120)
    assert [child.exitcode for child in children] == [0, 0, 0]
    with sqlite3.connect(path) as store:
        assert store.execute("SELECT COUNT(*) FROM runs").fetchone() == (40,)
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    same(study(DATA, **SETTINGS, store=path), table)


def test_a_dask_cluster_of_two_processes(table):
    distributed = pytest.importorskip("distributed")
    from joblib import parallel_config
    settings = dict(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster):
        with parallel_config(backend="dask"):
            same(study(DATA, **SETTINGS), table)


def test_no_workers_are_said(monkeypatch):
    said = []
    bar = SimpleNamespace(refresh=lambda: None, write=lambda text, file: said.append(text))
    watch = studies.Watch(bar, every=0.01)
    watch.client = SimpleNamespace(nthreads=dict)
    with watch:
        time.sleep(0.1)
    assert said == ["the cluster has no workers: waiting for one"]


# what is in the store


def test_settings_in_the_store_can_be_read(tmp_path, table):
    path = tmp_path / "study.sqlite"
    study(DATA, **SETTINGS, store=path)
    with sqlite3.connect(path) as store:
        texts = [json.loads(text) for text, in store.execute("SELECT settings FROM settings")]
        assert {text["learning_rate"] for text in texts} == {0.1, 0.5}
        assert {text["numerics"] for text in texts} == {2}
        names = store.execute("SELECT DISTINCT name FROM points ORDER BY name").fetchall()
        assert names == [("XOR",), ("linear",)]
        assert store.execute("PRAGMA user_version").fetchone() == (studies.SCHEMA,)
    found = pd.concat(stored_rows(path, size=7))
    assert sorted(found.epochs) == sorted(table.epochs) and set(found.data) == {"linear", "XOR"}


def test_a_row_does_not_know_its_kernel(tmp_path, table, monkeypatch):
    same(study(DATA, **SETTINGS, side_by_side=True, store=tmp_path / "study.sqlite"), table)
    monkeypatch.setattr(studies, "run_missing", None)           # nothing is missing
    same(study(DATA, **SETTINGS, side_by_side=False, store=tmp_path / "study.sqlite"), table)


def test_another_numerics_finds_nothing(tmp_path, monkeypatch):
    path = tmp_path / "study.sqlite"
    study(XOR, seeds=[1], epochs=10, store=path)
    monkeypatch.setattr(studies, "NUMERICS", 3)
    study(XOR, seeds=[1], epochs=10, store=path)
    assert sum(len(part) for part in stored_rows(path)) == 2


def test_no_row_is_lost():
    X, y = XOR["XOR"]
    found = study({"a": (X, y), "b": (X, y)}, grid={"learning_rate": [0.5, 0.5]}, seeds=[3, 1, 3], epochs=50)
    assert found[["data", "seed"]].to_numpy().tolist() == [[name, seed] for name in "aabb" for seed in (3, 1, 3)]


def test_a_read_only_store_with_all_rows_is_enough(tmp_path, monkeypatch):
    path = tmp_path / "study.sqlite"
    first, real = study(XOR, seeds=[1], epochs=10, store=path), sqlite3.connect
    reading = dict(vars(sqlite3), connect=lambda path, **options: real(f"file:{path}?mode=ro", uri=True, **options))
    monkeypatch.setattr(studies, "sqlite3", SimpleNamespace(**reading))
    same(study(XOR, seeds=[1], epochs=10, store=path), first)
    with pytest.raises(OSError, match="study.sqlite: attempt to write a readonly database; when it can be written"):
        study(XOR, seeds=[2], epochs=10, store=path)


def test_ten_thousand_rows_a_second(tmp_path):
    """Rows that come fast share their transactions: counted, not timed."""
    store, count = Store(tmp_path / "study.sqlite"), [0]
    store.connection.set_trace_callback(lambda statement: count.__setitem__(0, count[0] + (statement == "COMMIT")))
    source, setting = studies.Source("XOR", XOR["XOR"]), studies.checked_setting()
    for seed in range(3_000):
        store.add(source, setting, (21, 2, 1), [(seed, b"0", 1, True, 0.1, 0.1)])
    store.flush()
    store.close()
    assert sum(len(part) for part in stored_rows(tmp_path / "study.sqlite")) == 3_000 and count[0] < 1_000


def test_a_full_disk_keeps_what_is_there(tmp_path):
    path, settings = tmp_path / "study.sqlite", dict(SETTINGS, seeds=range(400), epochs=20, n_jobs=1)

    def with_little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        try:
            study(DATA, **settings, store=path)
        except OSError as error:
            os._exit(7 if str(error).startswith(f"{path}: ") and "\n" not in str(error) else 8)
    assert os.waitstatus_to_exitcode(os.waitpid(in_a_fork(with_little_room), 0)[1]) == 7
    same(study(DATA, **settings, store=path), study(DATA, **settings))


def test_points_and_starting_weights_share_no_number():
    for seed in range(SEEDS):
        points, _ = generate_linear(100, points_generator(seed))
        assert not np.isin(SigmoidNetwork([2, 5, 5, 1], seed=seed).vector, points).any()


# what is no store


def test_other_files_are_refused_unchanged(tmp_path):
    (tmp_path / "notes.txt").write_text("a, b\n" * 1_000)
    for name, journal in (("bank.sqlite", "DELETE"), ("wal.sqlite", "WAL")):
        with sqlite3.connect(tmp_path / name) as bank:
            bank.execute(f"PRAGMA journal_mode = {journal}")
            bank.execute("CREATE TABLE runs (key TEXT PRIMARY KEY, epochs INTEGER)")
        bank.close()
    for file in list(tmp_path.iterdir()):
        before = {f: f.read_bytes() for f in tmp_path.iterdir()}
        with pytest.raises(ValueError, match=f"{file.name}: .*expected a study's store"):
            study(XOR, **SETTINGS, store=file)
        assert {f: f.read_bytes() for f in tmp_path.iterdir()} == before


def test_folders(tmp_path):
    with pytest.raises(ValueError, match="a folder; expected a study's store"):
        study(XOR, **SETTINGS, store=tmp_path)
    with pytest.raises(ValueError, match="there is no folder"):
        study(XOR, **SETTINGS, store=tmp_path / "missing" / "study.sqlite")


def test_every_damaged_store_is_one_error_or_is_read(tmp_path):
    path, damaged, times = tmp_path / "study.sqlite", tmp_path / "damaged.sqlite", random.Random(0)
    study(DATA, **SETTINGS, store=path)
    whole, refused = path.read_bytes(), 0
    for k in range(DAMAGED_STORES):
        content = bytearray(whole)
        if k % 3 == 0: content = content[:times.randrange(1, len(content))]
        else:
            start = times.randrange(len(content))
            content[start : start + (1 if k % 3 == 1 else 200)] = times.randbytes(1 if k % 3 == 1 else 200)
        damaged.write_bytes(content)
        try: study(DATA, **SETTINGS, store=damaged, n_jobs=1)
        except ValueError as error:
            assert str(error).startswith(f"{damaged}: ") and "\n" not in str(error)
            refused += 1
        finally:
            for part in tmp_path.glob("damaged.sqlite-*"): part.unlink()
    assert refused > DAMAGED_STORES // 3


# wrong input


@pytest.mark.parametrize("wrong, words", [
    (dict(grid={"layers": [[2, 0, 1]]}), r"layers\[1\] is 0"),
    (dict(grid={"layers": [2, 4, 1]}), r"expected a list of networks, like \[\[2, 4, 1\]\]"),
    (dict(grid={"bias": [True, False, False]}), r"expected a list of choices, like \[\[True, False, False\]\]"),
    (dict(grid={"bias": [[True]]}), "bias is"), (dict(grid={"rate": [1]}), "grid has 'rate'"),
    (dict(grid={"learning_rate": [-1]}), "learning_rate is -1"),
    (dict(grid={"learning_rate": [np.nan]}), "learning_rate is nan"),
    (dict(grid={"learning_rate": [np.inf]}), "learning_rate is inf"),
    (dict(grid={"learning_rate": 0.1}), "a list of values"),
    (dict(epochs=0), "epochs is 0"), (dict(epochs=-5), "epochs is -5"), (dict(epochs=2**63), "epochs is 9"),
    (dict(seeds=5), r"like range\(20\)"), (dict(seeds=[]), "seeds is empty"), (dict(seeds=["a"]), "a seed is 'a'"),
    (dict(grid={"shuffle": [True]}, side_by_side=True), "side_by_side is True"),
    (dict(grid={"layers": [[2, 3, 2]]}), "one value a row and the network 2 outputs"),
])
@pytest.mark.parametrize("side_by_side", [None, True])
def test_settings_that_make_no_network(wrong, words, side_by_side, tmp_path):
    with pytest.raises(ValueError, match=words):
        study(XOR, **{**dict(seeds=range(3), side_by_side=side_by_side, store=tmp_path / "s.sqlite"), **wrong})
    assert not list(stored_rows(tmp_path / "s.sqlite"))


X, Y = XOR["XOR"]


@pytest.mark.parametrize("points", [(X, Y + 1), (X, 2 * Y - 1), (X * np.nan, Y), (X, Y[1:]), (X[:, :1], Y), X, "XOR",
                                    lambda rng: (X, Y + 1), lambda rng: None])
@pytest.mark.parametrize("side_by_side", [False, True])
def test_points_that_do_not_fit(points, side_by_side):
    with pytest.raises(ValueError, match=r"data\['mine'\]"):
        study({"mine": points}, **SETTINGS, side_by_side=side_by_side)


def test_points_that_go_wrong_later():
    seen = []

    def points(rng):
        seen.append(1)
        return (X, Y) if len(seen) < 8 else (X, Y + 1)
    with pytest.raises(ValueError, match=r"data\['mine'\]: y goes from 1 to 2"):
        study({"mine": points}, **SETTINGS)


def test_what_numpy_users_expect(table):
    found = study(DATA, grid={"learning_rate": np.array([0.1, 0.5]), "layers": [np.array([2, 3, 1])]},
                  seeds=np.arange(10), epochs=np.int64(5_000))
    same(found, table)
    flat = study({"XOR": (X, Y[:, 0])}, seeds=[0], epochs=100)
    same(flat, study(XOR, seeds=[0], epochs=100))


def test_several_outputs_side_by_side():
    points = {"two": (X, np.hstack([Y, 1 - Y]))}
    settings = dict(grid={"layers": [[2, 4, 2]], "learning_rate": [0.5]}, seeds=range(6), epochs=3_000)
    same(study(points, **settings, side_by_side=True), study(points, **settings, side_by_side=False))


# statistics


def exact_median(epochs, separated):
    share, at_risk = Fraction(1), len(epochs)
    for t in sorted(set(epochs)):
        events = sum(e == t and s for e, s in zip(epochs, separated))
        share *= 1 - Fraction(events, at_risk)
        at_risk -= sum(e == t for e in epochs)
        if share <= Fraction(1, 2):
            return t
    return np.inf


def test_the_median_where_the_curve_meets_one_half():
    for n in range(2, 80, 2):
        k = n // 2
        half = pd.DataFrame({"epochs": [*range(1, k + 1), *[n] * k], "separated": [True] * k + [False] * k})
        assert median_interval(half)[0] == k
    rng = np.random.default_rng(0)
    for _ in range(300):
        n = rng.integers(2, 40)
        some = pd.DataFrame({"epochs": rng.integers(1, 20, n), "separated": rng.random(n) < 0.7})
        assert median_interval(some)[0] == exact_median(some.epochs.tolist(), some.separated.tolist())


def test_one_epoch_for_all_runs():
    assert median_interval(pd.DataFrame({"epochs": [100] * 5, "separated": [True] * 5})) == (100, 100, 100)


def test_censored_runs_count_as_longer(table):
    assert stopping_epochs(table).num_censored() == (~table.separated).sum() > 0
    median, low, high = median_interval(table[table.data == "linear"])
    assert low <= median <= high
