"""The command as a whole, from an empty folder."""

import csv
import html
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import backprop_lab
import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy, read_points

COMMAND = Path(sys.executable).parent / "backprop-lab"


def table_of(X, labels, names, separator=","):
    """A table of points as text."""
    rows = [separator.join(map(str, [*row, label])) for row, label in zip(X.tolist(), labels)]
    return "\n".join([separator.join(names), *rows]) + "\n"


@pytest.fixture
def xor(tmp_path):
    X, y = generate_xor_easy()
    (tmp_path / "xor.csv").write_text(table_of(X, y[:, 0].astype(int), ["a", "b", "kind"]))
    return tmp_path / "xor.csv"


@pytest.fixture
def three(tmp_path):
    """Three classes around three centres."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(centre, 0.3, (30, 2)) for centre in ((0, 0), (2, 0), (0, 2))]).round(3)
    (tmp_path / "three.csv").write_text(table_of(X, np.repeat(["east", "north", "west"], 30), ["long", "wide", "kind"]))
    return tmp_path / "three.csv"


def test_report(command, tmp_path):
    done = command("report")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("All points are classified correctly, break training") == 4
    assert re.findall(r"^epoch (\d+) loss : [\d.e-]+$", done.stdout, re.M).count("1") == 4
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count('src="data:image/svg+xml;base64,') == 8 and "http" not in page
    assert page.count('class="bp-live"') == 4 and page.count("<script") == 1
    for cell in ("500 of 500", "21 of 21"):
        assert cell in done.stdout and f"<td>{cell}</td>" in page
    assert done.stderr == "" and "held out" not in done.stdout


def test_a_report_that_gives_up(command):
    done = command("report", "--epochs", "300", "--print-every", "100", "--output", "here")
    assert done.returncode == 1
    assert (
        done.stdout.count("points are still wrong after 300 epochs") == 4
        and done.stdout.count("not separated after 300") == 4
    )


def test_train(command, root, tmp_path):
    done = command("train", root / "examples" / "iris.csv", "--layers", 2, 4, 4, 1, "--learning-rate", 0.5)
    assert done.returncode == 0, done.stderr
    points = read_points(root / "examples" / "iris.csv")
    train, test = points.held_out(0.2, 0)
    network = SigmoidNetwork.load(tmp_path / "report" / "network.safetensors")  # the scale came with it
    assert (
        network.score(train) == 1
        and network.columns == list(points.names)
        and network.classes == ["setosa", "versicolor"]
    )
    shares = [
        re.search(rf"^{name} +(\d+) +(\d+) +([.\d]+) +0.500$", done.stdout, re.M) for name in ("trained on", "held out")
    ]
    assert shares[0].groups() == ("80", "80", "1.000")
    assert shares[1].groups() == ("20", str(round(20 * network.score(test))), f"{network.score(test):.3f}")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "true class" in page and "said versicolor" in page and "of held-out points it is best" in page
    assert page.count("<img") == 2 and 'class="bp-live"' in page and "http" not in page


def test_the_start_is_glorot_and_the_report_s_by_name(command, root):
    said = {
        init: command("train", root / "examples" / "iris.csv", "--epochs", 1, *init).stdout
        for init in ((), ("--init", "glorot"), ("--init", "uniform"))
    }
    assert said[()] == said[("--init", "glorot")] != said[("--init", "uniform")]


def test_the_same_seed_says_the_same(command, root):
    run = lambda *options: (
        command("train", root / "examples" / "iris.csv", "--epochs", 50, "--shuffle", *options).stdout
    )
    assert run() == run() != run("--seed", 1)


def test_train_on_all(command, root, tmp_path):
    done = command("train", root / "examples" / "iris.csv", "--test-share", 0, "--learning-rate", 0.5)
    assert done.returncode == 0 and "held out" not in done.stdout and "100     100    1.000" in done.stdout
    for options in (["--keep", "best"], ["--patience", 3]):
        done = command("train", root / "examples" / "iris.csv", "--test-share", 0, *options)
        assert done.returncode == 2 and "expected --test-share above 0" in done.stderr


def test_three_classes(command, three, tmp_path):
    done = command("train", three, "--learning-rate", 1, "--epochs", 2000, "--batch-size", 4, "--shuffle")
    assert done.returncode in (0, 1) and "said north" in done.stdout
    network = SigmoidNetwork.load(tmp_path / "report" / "network.safetensors")
    points = read_points(three)
    assert network.layers == [2, 4, 4, 3] and network.score(points) > 0.9
    done = command("predict", "report/network.safetensors", three)
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == ["line", "class", "output for east", "output for north", "output for west"]
    assert [row[1] for row in rows[1:]] == [points.classes[k] for k in network.predict(points.X)]
    np.testing.assert_allclose(
        [[float(value) for value in row[2:]] for row in rows[1:]], network.outputs(points.X), rtol=1e-5
    )


def test_the_best_weights_are_kept(command, three, tmp_path):
    noisy = three.read_text().replace("east", "west", 8)
    three.write_text(noisy)
    options = ("--learning-rate", 1, "--epochs", 1500, "--layers", 2, 12, 3)
    for keep in ("last", "best"):
        done = command("train", three, *options, "--keep", keep, "--output", keep)
        assert done.returncode == 1, done.stderr
    last, best = (SigmoidNetwork.load(tmp_path / keep / "network.safetensors") for keep in ("last", "best"))
    test = read_points(three).held_out(0.2, 0)[1]
    assert best.loss(test) == pytest.approx(min(best.history["test_loss"])) and best.loss(test) <= last.loss(test)
    assert f"The weights kept are those of epoch {best.best.epoch:,}, the best on held-out points." in done.stdout
    early = command("train", three, *options, "--patience", 32)
    assert early.returncode == 0 and "the held-out loss became no better" in early.stdout


def test_predict_finds_columns_by_name(command, root, tmp_path):
    assert command("train", root / "examples" / "iris.csv", "--learning-rate", 0.5).returncode == 0
    (tmp_path / "new.csv").write_text("note;sepal width (cm);sepal length (cm)\nx;3,5;5,1\ny;3,2;7,0\n")
    done = command("predict", "report/network.safetensors", "new.csv")
    assert done.returncode == 0 and "decimal comma" in done.stderr
    assert [row.split(",")[:2] for row in done.stdout.splitlines()[1:]] == [["2", "setosa"], ["3", "versicolor"]]
    again = command("predict", "report/network.safetensors", "new.csv", "--output", "answers.csv")
    assert again.stdout == "" and (tmp_path / "answers.csv").read_text() == done.stdout
    (tmp_path / "new.csv").write_text("sepal width (cm),wide\n3,4\n")
    done = command("predict", "report/network.safetensors", "new.csv")
    assert done.returncode == 2 and "no column 'sepal length (cm)'" in done.stderr and done.stderr.count("\n") == 1


def test_predict_without_a_header(command, tmp_path, root):
    body = "\n".join((root / "examples" / "iris.csv").read_text().split("\n")[1:])
    (tmp_path / "body.csv").write_text(body)
    assert command("train", "body.csv", "--learning-rate", 0.5).returncode == 0
    whole = command("predict", "report/network.safetensors", "body.csv")
    (tmp_path / "inputs.csv").write_text(re.sub(r",[a-z]+$", "", body, flags=re.M))
    assert (
        whole.returncode == 0 and command("predict", "report/network.safetensors", "inputs.csv").stdout == whole.stdout
    )


def test_predict_refuses(command, tmp_path, root):
    X, y = generate_xor_easy()
    SigmoidNetwork([2, 4, 1], seed=0).fit(X, y, epochs=2).save(tmp_path / "bare")
    for network, words in (
        ("bare", "keeps no names of columns"),
        ("missing", "no such file"),
        (root / "README.md", "README.md"),
    ):
        done = command("predict", network, root / "examples" / "iris.csv")
        assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""


def test_a_reader_that_has_enough(root, command, tmp_path):
    assert command("train", root / "examples" / "iris.csv", "--learning-rate", 0.5).returncode == 0
    big = "sepal length (cm),sepal width (cm)\n" + "5.1,3.5\n" * 50_000
    (tmp_path / "big.csv").write_text(big)
    done = subprocess.run(
        f"{COMMAND} predict report/network.safetensors big.csv | head -1",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("line,class") and "Traceback" not in done.stderr


@pytest.mark.parametrize("options", [[], ["--keep", "best"]])
def test_ctrl_c_writes_what_was_reached(xor, tmp_path, options):
    run = subprocess.Popen(
        [COMMAND, "train", xor, "--learning-rate", "1e-6", "--epochs", str(10**9), "--print-every", "1000", *options],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not run.stdout.readline().startswith("epoch 1000"):
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (
        run.returncode == 130 and "interrupted; page and network are those of epoch" in err and "Traceback" not in err
    )
    network = SigmoidNetwork.load(tmp_path / "report" / "network.safetensors")
    assert (
        network.stopped == "interrupted"
        and network.epochs >= 1000
        and f"Ended after {network.epochs:,} epochs: interrupted" in out
    )
    assert "interrupted" in (tmp_path / "report" / "index.html").read_text()


def test_ctrl_c_in_a_report_keeps_the_finished(tmp_path):
    run = subprocess.Popen(
        [COMMAND, "report", "--epochs", str(10**8)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while "XOR" not in (line := run.stdout.readline()):
        assert run.poll() is None and line != "" or line == "\n"
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130 and "2 finished trainings are on the page" in err
    assert (tmp_path / "report" / "index.html").read_text().count("<h2>") == 2


def test_what_does_not_learn_is_told(command, tmp_path, xor):
    rng = np.random.default_rng(0)
    (tmp_path / "wide.csv").write_text(
        table_of(rng.uniform(0, 1, (80, 60)).round(3), rng.integers(0, 2, 80), [f"c{j}" for j in range(60)] + ["kind"])
    )
    done = command("train", "wide.csv", "--init", "uniform", "--epochs", 200)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert (
        done.stderr.startswith("backprop-lab: epoch 32: nothing of the inputs comes through")
        and "init='glorot'" in done.stderr
    )
    assert "To try next, from what the study found: another seed (--seed 1)" in done.stdout
    assert command("train", "wide.csv", "--epochs", 200).stderr == ""
    done = command("train", xor, "--test-share", 0, "--init", "uniform", "--seed", 1, "--epochs", 2000)
    assert (
        done.stderr == ""
        and done.stdout.count("a plateau; the XOR runs of the report leave theirs after some thousand epochs") == 1
    )


def test_a_playground_of_a_table_takes_columns_as_train_does(command, tmp_path):
    (tmp_path / "points.csv").write_text("kind,id,a,b\nx,10001,100,0.2\ny,20002,300,0.1\nx,30003,200,0.4\n")
    done = command("playground", "points.csv", "--label", "kind", "--drop", "id")
    assert done.returncode == 0 and "2 inputs (a, b)" in done.stdout, done.stderr
    state = json.loads(html.unescape(re.search(r'data-state="([^"]*)"', (tmp_path / "playground.html").read_text())[1]))
    assert state["names"] == ["a", "b"] and state["scale"] == [[100, 0.1], [300, 0.4]]
    assert np.array(state["own"]["X"]).min() == 0 and np.array(state["own"]["X"]).max() == 1


def test_classes_in_blocks_are_told(command, tmp_path):
    rng = np.random.default_rng(0)
    points, kinds = rng.uniform(0, 1, (60, 2)).round(3), np.repeat(["x", "y"], 30)
    for name, order in (("blocks.csv", np.arange(60)), ("mixed.csv", rng.permutation(60))):
        (tmp_path / name).write_text(table_of(points[order], kinds[order], ["a", "b", "kind"]))
    words = "The classes stand in blocks in the table: --shuffle draws a new order"
    for arguments, told in ((["blocks.csv"], True), (["blocks.csv", "--shuffle"], False), (["mixed.csv"], False)):
        assert (words in command("train", *arguments, "--epochs", 20).stdout) == told


def test_what_cannot_be_right_is_told(command, tmp_path):
    (tmp_path / "twice.csv").write_text("a,b,kind\n1,2,x\n1,2,y\n3,4,y\n0,1,x\n")
    done = command("train", "twice.csv", "--test-share", 0, "--epochs", 500)
    assert "at most 3 of 4 can be right" in done.stdout.split("epoch")[0]
    assert "At most 3 of 4 training points can be right" in done.stdout


def test_train_on_more_columns_and_strange_names(command, tmp_path):
    path = tmp_path / "我的 點.csv"
    path.write_text('\ufeff"a<b>",b,"c, d",label\n1,2,3,是\n2,1,0,否\n\n9,2,3,是\n0,0,0,否\n', encoding="utf-8")
    done = command("train", path, "--output", "out put", "--learning-rate", 1, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out put" / "index.html").read_text(encoding="utf-8")
    assert "我的 點.csv" in page and "a&lt;b&gt;" in page
    assert SigmoidNetwork.load(tmp_path / "out put" / "network.safetensors").columns == ["a<b>", "b", "c, d"]


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "No such file"),
        ("", "empty"),
        ("a,b,label\n", "only a header"),
        ("a,b,label\n1,2\n3,4,x\n", "line 2 has 2 cells"),
        ("a,b,label\n1,x,0\n3,4,1\n5,6,1\n", "column 'b' holds 'x'"),
        ("a,b,label\n1,inf,0\n3,4,1\n", "column 'b' holds 'inf'"),
        ("a,b,label\n1,2,0\n3,4,0\n", "holds 1 label"),
        ("a,b,y\n1,2,0.3\n3,4,0.4\n5,6,0.7\n", "real numbers"),
        ("label\nx\ny\n", "1 column"),
        (b"\xff\xfe\x00a\x00", "utf-16"),
        ('a,b,label\n"1,2,0\n', "line 2"),
        ("a,b,label\n1,?,0\n3,4,1\n", "--missing drop"),
    ],
)
def test_bad_files_end_in_one_line(command, tmp_path, content, words):
    path = tmp_path / "points.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = command("train", path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("backprop-lab: ") and done.stderr.count("\n") == 1 and words in done.stderr


@pytest.mark.parametrize(
    "options, words",
    [
        (["--layers", "3", "4", "1"], "expected 2 first"),
        (["--layers", "2", "4", "2"], "1 last, one output for two classes"),
        (["--layers", "2"], "expected 2 first"),
        (["--layers", "2", "0", "1"], "layers[1] is 0"),
        (["--layers", "2", "1000000", "1000000", "1"], "weights; expected at most"),
        (["--learning-rate", "-1"], "learning_rate is -1.0"),
        (["--learning-rate", "nan"], "learning_rate is nan"),
        (["--epochs", "0"], "--epochs is 0"),
        (["--seed", "-1"], "--seed is -1"),
        (["--print-every", "-1"], "--print-every is -1"),
        (["--init", "zeros"], "init is 'zeros'"),
        (["--test-share", "1.5"], "share is 1.5"),
        (["--batch-size", "0"], "batch_size is 0"),
        (["--patience", "-1"], "patience is -1"),
        (["--label", "kind"], "label is 'kind'"),
        (["--drop", "9"], "drop is '9'"),
        (["--encoding", "zip"], "encoding is 'zip'"),
    ],
)
def test_bad_options_end_in_one_line(command, root, options, words):
    done = command("train", root / "examples" / "iris.csv", *options)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1


def test_an_output_folder_that_cannot_be(command, root, tmp_path):
    (tmp_path / "file").write_text("")
    done = command("train", root / "examples" / "iris.csv", "--output", "file", "--learning-rate", 0.5)
    assert done.returncode == 2 and "file" in done.stderr and done.stderr.count("\n") == 1


def test_version_and_module(command, tmp_path):
    assert command("--version").stdout == f"backprop-lab {backprop_lab.__version__}\n"
    done = subprocess.run(
        [sys.executable, "-m", "backprop_lab", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == f"backprop-lab {backprop_lab.__version__}\n"


def test_playground_writes_a_page(command, root, three, tmp_path):
    done = command("playground")
    assert done.returncode == 0 and "playground.html" in done.stdout
    done = command("playground", root / "examples" / "iris.csv", "--language", "zh-TW", "--output", "deep/iris.html")
    page = (tmp_path / "deep" / "iris.html").read_text(encoding="utf-8")
    assert done.returncode == 0 and 'lang="zh-TW"' in page and "versicolor" in page and "http" not in page
    assert command("playground", three, "--label", "kind").returncode == 0
    (tmp_path / "line.csv").write_text("a,kind\n1,x\n2,y\n")
    for wrong, said in (("line.csv", "2 or more inputs"), ("nowhere.csv", "nowhere.csv")):
        done = command("playground", wrong, "--output", "not.html")
        assert done.returncode == 2 and said in done.stderr and not (tmp_path / "not.html").exists()
