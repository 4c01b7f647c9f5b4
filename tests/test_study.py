"""A study that is killed, shared, spread over processes or given a wrong file."""
import multiprocessing
import sqlite3

import pandas as pd
import pytest
from backprop_lab import generate_linear, generate_xor_easy
from backprop_lab.studies import median_interval, stopping_epochs, study
from conftest import kill_until_done

SETTINGS = dict(data={"linear": lambda seed: generate_linear(30, seed), "XOR": generate_xor_easy()}, learning_rates=[0.1, 0.5],
                layers=[[2, 3, 1]], bias=[True], seeds=range(10), epochs=20_000, progress=False)


def rows(table):
    return table.drop(columns="seconds")


@pytest.fixture(scope="module")
def table():
    return study(**SETTINGS, n_jobs=1)


def test_killed_again_and_again(tmp_path):
    settings = {**SETTINGS, "seeds": range(50)}
    unbroken = study(**settings, n_jobs=1)
    kill_until_done(lambda: study(**settings, n_jobs=1, store=tmp_path / "study.sqlite"), 0, 0.1, 0.4)
    pd.testing.assert_frame_equal(rows(study(**settings, store=tmp_path / "study.sqlite")), rows(unbroken))


def test_two_processes_share_a_store(tmp_path, table):
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=study, kwargs=dict(SETTINGS, n_jobs=1, store=tmp_path / "study.sqlite")) for _ in range(2)]
    for process in processes: process.start()
    for process in processes: process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    with sqlite3.connect(tmp_path / "study.sqlite") as store:
        assert store.execute("SELECT COUNT(*) FROM runs").fetchone() == (40,)
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    pd.testing.assert_frame_equal(rows(study(**SETTINGS, store=tmp_path / "study.sqlite")), rows(table))


def test_a_dask_cluster_of_two_processes(table):
    distributed = pytest.importorskip("distributed")
    from joblib import parallel_config
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, distributed.Client(cluster):
        with parallel_config(backend="dask"):
            spread = study(**SETTINGS)
    pd.testing.assert_frame_equal(rows(spread), rows(table))


def test_side_by_side_stops_at_the_same_epochs(table):
    together = study(**SETTINGS, side_by_side=True)
    pd.testing.assert_frame_equal(rows(together), rows(table), rtol=1e-6)


def test_what_is_no_store(tmp_path):
    (tmp_path / "notes.txt").write_text("a, b\n" * 1_000)
    before = (tmp_path / "notes.txt").read_bytes()
    with pytest.raises(ValueError, match="expected a study's store"):
        study(**SETTINGS, store=tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_bytes() == before


@pytest.mark.parametrize("wrong, words", [(dict(layers=[[2, 0, 1]]), "layers"), (dict(learning_rates=[-1]), "learning_rate"), (dict(bias=[[True]]), "bias")])
def test_settings_that_make_no_network(wrong, words):
    with pytest.raises(ValueError, match=words):
        study(**{**SETTINGS, **wrong})


def test_censored_runs_count_as_longer(table):
    assert stopping_epochs(table).num_censored() == (~table.separated).sum() > 0
    median, low, high = median_interval(table[table.data == "linear"])
    assert low <= median <= high
