"""The command as a whole, from an empty folder."""
import re

import pytest
from backprop_lab import SigmoidNetwork
from backprop_lab.data import read_points


def test_report(command, tmp_path):
    done = command("report")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("All points are classified correctly, break training") == 4
    assert re.findall(r"^epoch (\d+) loss : [\d.e-]+$", done.stdout, re.M).count("0") == 4
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count('src="data:image/png;base64,') == 4 and "http" not in page
    for cell in ("20,000 and 5,000", "15,000", "35,000", "500 of 500", "21 of 21"):
        assert cell in done.stdout and f"<td>{cell}</td>" in page


def test_a_report_that_gives_up(command):
    done = command("report", "--epochs", "300", "--print-every", "100", "--output", "here")
    assert done.returncode == 1
    assert done.stdout.count("points are still wrong after 300 epochs") == 3 and done.stdout.count("not separated after 300 epochs") == 3


def test_train(command, root, tmp_path):
    done = command("train", root / "examples" / "iris.csv", "--layers", 2, 4, 4, 1, "--learning-rate", 0.1)
    assert done.returncode == 0 and "100 of 100" in done.stdout and (tmp_path / "report" / "index.html").exists()
    X, y, _, _ = read_points(root / "examples" / "iris.csv")
    assert SigmoidNetwork.load(tmp_path / "report" / "network.safetensors").score(X, y) == 1         # the scale came with it


def test_train_on_more_columns_and_strange_names(command, tmp_path):
    path = tmp_path / "我的 點.csv"
    path.write_text('\ufeff"a<b>",b,"c, d",label\n1,2,3,是\n2,1,0,否\n\n9,2,3,是\n0,0,0,否\n', encoding="utf-8")
    done = command("train", path, "--output", "out put", encoding="utf-8")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out put" / "index.html").read_text(encoding="utf-8")
    assert "我的 點.csv" in page
    assert read_points(path)[2:] == (["a<b>", "b", "c, d", "label"], ("否", "是"))


@pytest.mark.parametrize("content, words", [
    (None, "No such file"),
    ("", "empty"),
    ("a,b,label\n", "only a header"),
    ("a,b,label\n1,2\n3,4,x\n", "line 2 has 2 columns"),
    ("a,b,label\n1,x,0\n3,4,1\n", "column 'b' holds 'x'"),
    ("a,b,label\n1,inf,0\n3,4,1\n", "column 'b' holds 'inf'"),
    ("a,b,label\n1,2,0\n3,4,0\n", "holds 1 labels"),
    ("a,b,label\n1,2,0\n3,4,1\n5,6,2\n", "holds 3 labels"),
    ("1,2,0\n3,4,1\n", "expected a header"),
    ("label\nx\ny\n", "1 column"),
    (b"\xff\xfe\x00a", "UTF-8"),
    ('a,b,label\n"1,2,0\n', "CSV"),
])
def test_bad_files_end_in_one_line(command, tmp_path, content, words):
    path = tmp_path / "points.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = command("train", path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("backprop-lab: ") and done.stderr.count("\n") == 1 and words in done.stderr


@pytest.mark.parametrize("options, words", [
    (["--layers", "3", "4", "1"], "expected 2 first"),
    (["--layers", "2"], "at least two widths"),
    (["--layers", "2", "0", "1"], "layers[1] is 0"),
    (["--learning-rate", "-1"], "learning_rate is -1.0"),
    (["--learning-rate", "nan"], "learning_rate is nan"),
    (["--epochs", "0"], "--epochs is 0"),
    (["--seed", "-1"], "--seed is -1"),
    (["--print-every", "-1"], "--print-every is -1"),
    (["--init", "zeros"], "init is 'zeros'"),
])
def test_bad_options_end_in_one_line(command, root, options, words):
    done = command("train", root / "examples" / "iris.csv", *options)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1


def test_an_output_folder_that_cannot_be(command, root, tmp_path):
    (tmp_path / "file").write_text("")
    done = command("train", root / "examples" / "iris.csv", "--output", "file")
    assert done.returncode == 2 and "file" in done.stderr and done.stderr.count("\n") == 1
