"""Points from files: what people have is read as what it is, and the rest is refused in one line."""

import os
import re

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, read_points, study
from backprop_lab.points import read_inputs
from cases import TABLES

FLOWERS = ["long,wide,kind", "5.1,3.5,x", "7.0,3.2,y", "4.9,3.0,x", "6.4,3.2,y", "4.7,3.2,x", "6.9,3.1,y"]
TABLE = "\n".join(FLOWERS) + "\n"
BODY = "\n".join(FLOWERS[1:]) + "\n"
X = np.array([[5.1, 3.5], [7, 3.2], [4.9, 3], [6.4, 3.2], [4.7, 3.2], [6.9, 3.1]])
y = np.array([[0.0], [1]] * 3)


@pytest.fixture
def read(tmp_path):
    """Read the points of a file of this content, text or bytes."""

    def run(content, **options):
        (tmp_path / "points.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_points(tmp_path / "points.csv", **options)

    return run


@pytest.mark.parametrize(
    "content, words",
    [
        (TABLE, ["separator comma", "UTF-8", "header in line 1"]),
        (TABLE.replace("\n", "\r\n"), ["separator comma"]),
        (TABLE.replace("\n", "\r"), ["separator comma"]),
        (TABLE.replace(",", ";").replace(".", ","), ["separator semicolon", "decimal comma"]),
        (TABLE.replace(",", ";"), ["separator semicolon"]),
        (TABLE.replace(",", "\t"), ["separator tab"]),
        (TABLE.replace(",", "\t").replace(".", ","), ["separator tab", "decimal comma"]),
        (TABLE.replace(",", "  "), ["separator blank"]),
        (TABLE.replace(",", " \t "), ["separator"]),
        (TABLE.replace(",", ", "), ["separator comma"]),
        (TABLE.replace(",", "|"), ["separator bar"]),
        ("sep=;\n" + TABLE.replace(",", ";"), ["separator told in line 1", "header in line 2"]),
        ("# ours, 2019\n" + TABLE, ["1 comment line skipped (line 1: # ours, 2019)", "header in line 2"]),
        (TABLE.replace("7.0", "# 1,2,x\n7.0"), ["1 comment line skipped (line 3"]),
        (TABLE.encode("utf-16"), ["UTF-16 with its mark"]),
        (TABLE.replace(",", "\t").encode("utf-16"), ["UTF-16 with its mark", "separator tab"]),
        (TABLE.encode("utf-16-be"), ["UTF-16-BE without a mark"]),
        (TABLE.encode("utf-8-sig"), ["UTF-8 with its mark"]),
        (TABLE.replace("\n", ",\n"), ["header in line 1"]),
        (TABLE + ",,\n\n,,\n", ["2 rows without content skipped"]),
        (re.sub(r"([\d.]+|[a-z]+)", r'"\1"', TABLE), ["separator comma"]),
        ("\n\n" + TABLE, ["header in line 3"]),
        (TABLE.replace("x", "x "), []),
    ],
    ids=range(23),
)
def test_the_same_points_in_many_forms(read, content, words):
    points = read(content)
    assert np.array_equal(points.X, X) and np.array_equal(points.y, y)
    assert points.names == ("long", "wide") and points.classes == ("x", "y") and points.label == "kind"
    assert all(word in points.summary() for word in words) and "\n" not in points.summary()


@pytest.mark.parametrize("content", [BODY, "# ours, 2019\n" + BODY, BODY.replace(",", " ")])
def test_without_a_header_no_row_is_lost(read, content):
    points = read(content)
    assert np.array_equal(points.X, X) and points.names == ("x0", "x1") and points.label == "x2"
    assert "no header, columns x0 to x2" in points.summary()


def test_a_hole_in_the_first_row_is_no_header(read):
    with pytest.raises(ValueError, match=r"1 value is missing in 1 of 7 rows.*'x0' 1 \(first: line 1, ''\)"):
        read(",3.5,x\n" + BODY)
    with pytest.raises(ValueError, match="3 values are missing in 2 of 7 rows"):
        read("?,?,x\n" + BODY.replace("7.0", "NA"))
    points = read(",3.5,x\n" + BODY, missing="drop")
    assert np.array_equal(points.X, X) and "1 of 7 rows left out" in points.summary()


def test_a_header_of_numbers(read):
    assert read("1,2,3\n" + BODY).names == ("1", "2")
    assert read("0,1,2\n" + BODY).label == "2"
    rows = "".join(f"{i}.5,2,3,4,5,6,{i % 2}\n" for i in range(6))
    assert read("1,2,3,4,5,6,7\n" + rows).label == "7"
    numbers = "1,2,3\n" + BODY.replace("x", "0").replace("y", "1")
    with pytest.raises(ValueError, match="may be a header or a row of points; say header=True or header=False"):
        read(numbers)
    assert len(read(numbers, header=True).X) == 6 and read(numbers, header=False).classes == ("0", "1", "3")


def test_a_header_in_a_comment(read):
    points = read("# measured by us\n# long,wide,kind\n" + BODY)
    assert points.names == ("long", "wide") and len(points.X) == 6 and "header in a comment" in points.summary()
    assert read("# measured,by,us\n" + TABLE).names == ("long", "wide")
    assert read("# 1,2,x\n" + BODY).names == ("x0", "x1")


@pytest.mark.parametrize("encoding, said", [("cp950", "CP950 (a guess)"), ("utf-8", "UTF-8"), ("utf-16", "UTF-16")])
def test_chinese_names_and_labels(read, encoding, said):
    points = read("花萼長,花萼寬,品種\n5.1,3.5,山鳶尾\n7.0,3.2,變色鳶尾\n".encode(encoding))
    assert points.names == ("花萼長", "花萼寬") and set(points.classes) == {"山鳶尾", "變色鳶尾"}
    assert said in points.summary()


@pytest.mark.parametrize("name", ["Länge", "größe", "hauteur mesurée", "Temp °C", "année", "señal", "ÄÖÜ"])
def test_latin_1_is_not_taken_for_chinese(read, name):
    assert read(f"{name},b,kind\n1,2,x\n3,4,y\n".encode("latin-1")).names[0] == name


def test_overruled(read):
    german = "länge;breite;art\n1,234;2,000;x\n3,456;4,000;y\n"
    with pytest.raises(ValueError, match="'1,234' may have a decimal comma or be thousands; say decimal=','"):
        read(german)
    assert read(german, decimal=",").X.tolist() == [[1.234, 2], [3.456, 4]]
    assert read("山,b,kind\n1,2,x\n3,4,y\n".encode("cp950"), encoding="cp950").names == ("山", "b")
    assert read("5;1,0,x\n6;2,1,y\n", separator=",", drop=1).X.tolist() == [[0], [1]]
    assert read("1 2|x\n3 4|y\n".replace("|", " "), separator="blank", header=False).X.tolist() == [[1, 2], [3, 4]]


def test_the_label_stands_elsewhere(read):
    first = "\n".join(",".join([row.split(",")[2], *row.split(",")[:2]]) for row in FLOWERS)
    with pytest.raises(ValueError, match=r"column 'kind' holds text \('x', 'y'\).*say label='kind' \(--label kind\)"):
        read(first)
    for label in ("kind", 1, "1", -3):
        points = read(first, label=label)
        assert np.array_equal(points.X, X) and np.array_equal(points.y, y)
    assert read(first.replace("kind", "2"), label="2").label == "2"  # a name before a place
    with pytest.raises(ValueError, match="label is 'species'; expected the name of a column"):
        read(TABLE, label="species")


def test_three_classes_are_one_hot(read):
    points = read("class,a,b\n3,1,2\n1,2,2\n2,1,3\n3.0,4,4\n", label="class")
    assert points.classes == ("1", "2", "3") and points.counts() == {"1": 1, "2": 1, "3": 2}
    assert points.y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    "labels, classes",
    [
        (["0", "1", "1.0"], ("0", "1")),
        (["yes ", "yes", "no"], ("no", "yes")),
        (["-1", "1", "+1"], ("-1", "1")),
        (["10", "9", "x"], ("9", "10", "x")),
        (["True", "False", "True"], ("False", "True")),
        (["None", "Mild", "None"], ("Mild", "None")),
    ],
)
def test_classes(read, labels, classes):
    assert read("a,b,kind\n" + "".join(f"{k},{k * k},{label}\n" for k, label in enumerate(labels))).classes == classes


@pytest.mark.parametrize("missing", ["", "?", "NA", "nan", "N/A", "null", "#N/A"])
def test_a_missing_label_is_no_class(read, missing):
    table = f"a,b,kind\n1,2,x\n3,4,{missing}\n5,2,y\n7,4,{missing}\n"
    with pytest.raises(ValueError, match="2 values are missing in 2 of 4 rows, by column: 'kind' 2.*2 stay"):
        read(table)
    assert read(table, missing="drop").X.tolist() == [[1, 2], [5, 2]]


@pytest.mark.parametrize("targets", [["0.31", "0.77", "0.5"], ["1.5", "2.5"], [str(1900 + 7 * i) for i in range(30)]])
def test_real_numbers_are_no_classes(read, targets):
    with pytest.raises(ValueError, match="column 'y' holds real numbers .* not classes"):
        read("a,b,y\n" + "".join(f"{k % 3},{k},{value}\n" for k, value in enumerate(targets)), keep_row_number=True)


def test_fann(read):
    points = read("4 2 1\n-1 -1\n-1\n-1 1 \n1 \n1 -1\n1\n\n1 1\n-1\n")
    assert points.X.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]] and points.y.ravel().tolist() == [0, 1, 1, 0]
    assert points.classes == ("-1", "1") and "FANN" in points.summary()
    assert read("3 1 3\n0\n1 0 0\n1\n0 1 0\n2\n0 0 1\n").y.tolist() == np.eye(3).tolist()
    with pytest.raises(ValueError, match="line 1 promises 193 points, 1 are there and half of one"):
        read("193 2 1\n0.5 0.6\n1\n0.5 0.4\n")
    with pytest.raises(ValueError, match="line 4 has 1 numbers; FANN's format with the counts of line 1 has 2 there"):
        read("2 2 1\n0 1\n1\n0\n1\n")


def test_row_numbers_and_identities(read):
    numbered = "\n".join(f"{k - 1 if k else ''},{row}" for k, row in enumerate(FLOWERS))
    for table in (numbered, "n" + numbered, "Unnamed: 0" + numbered, "\n".join(numbered.split("\n")[1:])):
        points = read(table)
        assert np.array_equal(points.X, X) and "column 1" in points.summary() and "counts the rows" in points.summary()
        assert read(table, keep_row_number=True).X[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    shuffled = ",a,kind\n7,1,x\n3,2,y\n5,4,x\n"
    assert read(shuffled).names == ("a",)
    assert read("a,kind\n0,x\n1,y\n2,x\n3,y\n4,x\n5,y\n").names == ("a",)  # the only input stays
    known = read("id,a,kind\n842302,1,x\n842517,2,y\n84300903,5,x\n84348301,4,y\n")
    assert known.names == ("id", "a") and "column id may be an identity number" in known.summary()


def test_told_before_training(read):
    assert "at most 3 of 4 can be right" in read("a,b,kind\n1,2,0\n1,2,1\n3,4,1\n0,1,0\n").summary()
    assert "1 constant column (b)" in read("a,b,kind\n1,2,0\n3,2,1\n").summary()
    assert "'Yes', 'yes' differ in letters' case" in read("a,b,kind\n1,2,Yes\n3,2,yes\n4,5,yes\n").summary()


@pytest.mark.parametrize(
    "content, words",
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("# only\n# comments\n", "empty"),
        ("a,b,kind\n", "only a header"),
        ("1,2,0\n", "one row"),
        ("a,b,kind\n1,2\n3,4,x\n", "line 2 has 2 cells, line 1 has 3"),
        ("a,b,kind\n1,2,3,x\n3,4,x\n", "line 2 has 4 cells, line 1 has 3"),
        ("a,b,kind\n1,2,x\n3,4 cm,y\n5,6,x\n", "line 3, column 'b' holds '4 cm'"),
        ("a,b,kind\n1,2,x\n\n# no\n3,inf,y\n", "line 5, column 'b' holds 'inf'"),
        ("a,b,kind\n1,1e999,x\n3,4,y\n", "column 'b' holds '1e999'"),
        ("a,b,kind\n1,1_0,x\n3,4,y\n", "column 'b' holds '1_0'"),
        ("a,b,kind\n1,\u0663,x\n3,4,y\n", "column 'b' holds '\u0663'"),
        ('a,b,kind\n1,"1,234",x\n3,"5,678",y\n', "may have a decimal comma or be thousands"),
        ("a,b,kind\n1,2,x\n3,4,x\n", "holds 1 label ('x'); expected at least two classes"),
        ("kind\nx\ny\n", "1 column"),
        ("a,b,kind\nred,2,x\nblue,4,y\n", "column 'a' holds text ('red', 'blue')"),
        ("day,a,kind\n2014/1/1,2,x\n2014/1/2,4,y\n", "'day' holds dates, times or text"),
        ('a,b,kind\n1,2,"x\n3,4,y\n', "line 2: no row of cells"),
        ('a,b,kind\n"1"2,2,x\n3,4,y\n', "line 2: no row of cells"),
        ("a,b,name\n" + "".join(f"{k % 3},{k},n{k}\n" for k in range(12)), "12 different labels in 12 rows"),
        ("5.1x,3.5,x\n" + BODY, "line 1 ('5.1x', '3.5', 'x') may be a header or a row"),
        (b"a,b,kind\n1,\x00,x\n3,4,y\n", "line 2 holds a zero byte"),
        (b"\xff\xfe\x00", "not text in utf-16"),
        (b"PK\x03\x04abc", "a spreadsheet or a zip file"),
        ("<!DOCTYPE html><html>\n", "a web page"),
        ('{"a": 1}', "JSON"),
        ("a" * 3_000_000, "line 1 has 3,000,000 characters"),
        ("\n" * 6_000_000, "6,000,000 lines"),
    ],
    ids=range(28),
)
def test_refused_in_one_line(read, content, words, tmp_path):
    with pytest.raises(ValueError) as refusal:
        read(content)
    said = str(refusal.value)
    assert said.startswith(f"{tmp_path / 'points.csv'}: ") and words in said and "\n" not in said


@pytest.mark.parametrize(
    "options, words",
    [
        (dict(separator=";;"), "separator is ';;'"),
        (dict(separator="a"), "separator is 'a'"),
        (dict(decimal="x"), "decimal is 'x'"),
        (dict(encoding="zlib"), "encoding is 'zlib'"),
        (dict(header="x"), "header is 'x'"),
        (dict(missing="mean"), "missing is 'mean'"),
        (dict(label=0), "label is 0"),
        (dict(label=4), "label is 4"),
        (dict(drop=["a", "long"]), "drop is 'a'"),
        (dict(drop=[1, 2]), "no input besides the label"),
        (dict(drop=3, label=3), "is the label and cannot be dropped"),
        (dict(largest=10), "75 bytes; expected at most 10"),
        (dict(largest=0), "largest is 0"),
        (dict(encoding="utf-16"), "not text in utf-16"),
    ],
)
def test_options_are_checked(read, options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read(TABLE, **options)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big").touch()
    os.truncate(tmp_path / "big", 10**12)
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "big", tmp_path / "missing", "/dev/zero", "a\0b", 5, None):
        with pytest.raises(ValueError) as refusal:
            read_points(path)
        assert "\n" not in str(refusal.value)


def accounted(points, text):
    """How many lines of `text` the points and what is said beside them account for."""
    said = "; ".join(points.decisions)
    number = lambda pattern: sum(map(int, re.findall(pattern, said)))
    other = ("header in line" in said) + ("told in line" in said) + number(r"(\d+) comment line")
    return len(points.X) + other + number(r"(\d+) rows? without content") + number(r"(\d+) of \d+ rows left out")


SEEDS = [
    TABLE,
    BODY,
    TABLE.replace(",", ";").replace(".", ","),
    TABLE.replace(",", " "),
    TABLE.replace(",", "\t"),
    "sep=;\n# ours\n" + TABLE.replace(",", ";"),
    "4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n",
    "1,2,3\n" + BODY,
    "\n".join(f"{k},{row}" for k, row in enumerate(FLOWERS)) + "\n",
]
HARMLESS = ["1", "7.0", ".5", " ", "x", "y", "1e1", "-3", "", "NA", "?", "long"]
LINES = ["", "# no", ",,", "  ", "7.5,1,x", "7,5;1;y", "1 2 x", "1\t2\ty", "long,wide,kind", "?,1,x"]
PIECES = [
    b",",
    b'"',
    b"\0",
    b"\xff",
    b"1e999",
    b"nan",
    b"-inf",
    b"1_0",
    "\u0663".encode(),
    b"'",
    b"0x1",
    b",,",
    b"\xef\xbb\xbf",
    b";",
    b"\t",
    b"#",
    b"sep=,\n",
    b"\xff\xfe",
    "是".encode(),
    "是".encode("cp950"),
    b"1,2",
    b"\x1a",
    b"%",
    b"|",
    b"\xe9",
]


def mutated(text, rng):
    """`text` with lines put in, out or twice, cells changed, in some encoding; often a few bytes damaged too."""
    lines, pick = text.split("\n"), lambda these: these[rng.integers(len(these))]
    for _ in range(rng.integers(1, 4)):
        k, kind = rng.integers(len(lines)), rng.integers(4)
        if kind == 0:
            lines.insert(k, pick(LINES + lines))
        elif kind == 1:
            lines[k : k + 1] = []
        else:
            cells = re.split(r"([,; \t])", lines[k])
            cells[2 * rng.integers((len(cells) + 1) // 2)] = pick(HARMLESS)
            lines[k] = "".join(cells)
        lines = lines or [""]
    data = pick(["\n", "\n", "\r\n", "\r"]).join(lines).encode(pick(["utf-8"] * 5 + ["utf-16"]))
    if rng.random() < 0.5:
        place = rng.integers(len(data) + 1)
        data = data[:place] + pick(PIECES) * rng.integers(2) + data[place + rng.integers(4) :]
    return data


def test_no_mutated_table_escapes(tmp_path):
    path, rng, refused = tmp_path / "points.csv", np.random.default_rng(0), 0
    for _ in range(TABLES):
        data = mutated(SEEDS[rng.integers(len(SEEDS))], rng)
        path.write_bytes(data)
        options = [{}, dict(missing="drop"), dict(missing="drop"), dict(label=1), dict(header=False)][rng.integers(5)]
        try:
            points = read_points(path, **options)
        except ValueError as error:
            refused += 1
            assert str(error).startswith(f"{path}: ") and "\n" not in str(error) and len(str(error)) < 1500
            continue
        assert points.X.shape == (len(points.y), len(points.names)) and np.all(np.isfinite(points.X))
        assert sum(points.counts().values()) == len(points.X) and min(points.counts().values()) > 0
        assert "\n" not in points.summary() and "\x1b" not in points.summary()
        if b'"' not in data and b"\0" not in data and "FANN" not in points.summary() and "UTF" in points.summary():
            lines = re.split("\r\n|\r|\n", data.decode("utf-8-sig"))
            assert accounted(points, data) == sum(bool(line.strip()) for line in lines), data
    assert 0.2 * TABLES < refused < 0.9 * TABLES


@pytest.mark.parametrize("share, seed", [(0.2, 0), (0.5, 3), (0.01, 1), (0, 0)])
def test_held_out_by_class_and_seed(read, share, seed):
    rows = "".join(f"{k}.5,{k * k},{'abc'[(k > 9) + (k > 29)]}\n" for k in range(31))
    points = read("long,wide,kind\n" + rows)
    train, test = points.held_out(share, seed)
    assert sorted(np.concatenate([train.X, test.X])[:, 0]) == sorted(points.X[:, 0])
    assert test.counts() == {"a": round(10 * share), "b": round(20 * share), "c": 0}
    assert np.array_equal(points.held_out(share, seed)[1].X, test.X)
    assert train.names == test.names == points.names


@pytest.mark.parametrize("share", [1, -0.1, "x", float("nan")])
def test_a_share_is_a_share(read, share):
    with pytest.raises(ValueError, match="expected a number from 0 to below 1"):
        read(TABLE).held_out(share)


@pytest.mark.parametrize(
    "content, names",
    [
        (TABLE, ["wide", "long"]),
        (TABLE.replace(",", ";").replace(".", ","), ["wide", "long"]),
        ("\n".join(row.rsplit(",", 1)[0] for row in FLOWERS), ["wide", "long"]),
        (BODY, ["x1", "x0"]),
        ("\n".join(",".join(row.split(",")[1::-1]) for row in FLOWERS[1:]), ["x4", "x7"]),
    ],
)
def test_inputs_of_a_trained_network_are_found_by_name(tmp_path, content, names):
    (tmp_path / "new.csv").write_text(content)
    inputs, lines, _ = read_inputs(tmp_path / "new.csv", names)
    assert np.array_equal(inputs, X[:, ::-1]) and list(np.diff(lines)) == [1] * 5


@pytest.mark.parametrize(
    "content, words",
    [
        ("long,tall\n1,2\n", "no column 'wide'; it has 'long', 'tall'"),
        ("1,2,x\n4,5,y\n", "no header and 3 columns"),
        ("long,wide\n1,red\n", "column 'wide' holds text ('red')"),
        ("long,wide\n1,?\n2,3\n", "1 value is missing in 1 of 2 rows"),
        ("long,wide\n", "only a header"),
        ("", "empty"),
        ("long,wide\n1,2\n3,x\n5,6\n", "line 3, column 'wide' holds 'x'"),
    ],
)
def test_other_inputs_are_refused(tmp_path, content, words):
    (tmp_path / "new.csv").write_text(content)
    with pytest.raises(ValueError) as refusal:
        read_inputs(tmp_path / "new.csv", ["long", "wide"])
    assert words in str(refusal.value) and "\n" not in str(refusal.value)


def test_names_that_are_numbers_are_matched_too(tmp_path):
    names, rows = [str(k) for k in range(3, 11)], np.arange(24).reshape(3, 8) % 7
    lines = [",".join(names[::-1]), *(",".join(map(str, row[::-1])) for row in rows)]
    (tmp_path / "new.csv").write_text("\n".join(lines))
    assert read_inputs(tmp_path / "new.csv", names)[0].tolist() == rows.tolist()
    (tmp_path / "new.csv").write_text("\n".join(lines[1:]))
    assert len(read_inputs(tmp_path / "new.csv", names)[0]) == 3
    (tmp_path / "new.csv").write_text("2,1\n5,6\n")
    with pytest.raises(ValueError, match="may be a header or a row of points"):
        read_inputs(tmp_path / "new.csv", ["1", "2"])
    for header, X in ((True, [[6, 5]]), (False, [[2, 1], [5, 6]])):
        assert read_inputs(tmp_path / "new.csv", ["1", "2"], header=header)[0].tolist() == X


def test_everyone_takes_them_and_scales_alike(root, tmp_path):
    from backprop_lab.classifier import SigmoidClassifier
    from backprop_lab.playground import Playground, page_state

    points = read_points(root / "examples" / "iris.csv")
    new = lambda: SigmoidNetwork([2, 3, 1], init="glorot", seed=5)
    whole, by_hand = new().fit(points, learning_rate=0.5), new().set_scale(points.X).fit(points.X, points.y, 0.5)
    assert whole.separated and np.array_equal(whole.vector, by_hand.vector) and whole.columns == points.names
    row = study({"iris": points}, grid=dict(layers=[[2, 3, 1]], init=["glorot"], learning_rate=[0.5]), seeds=[5]).iloc[0]
    assert row.epochs == whole.epochs and row.separated
    playground = Playground(points, layers=[2, 3, 1], init="glorot", seed=5, learning_rate=0.5)
    playground.train_epochs(whole.epochs)
    assert np.array_equal(playground.network.vector, whole.vector)
    assert np.array_equal(playground.scale, points.scale)
    for state in (page_state(playground), page_state(points)):
        assert state["names"] == list(points.names) and np.ptp(state["own"]["X"]) == 1
    (tmp_path / "saved").write_bytes(playground._file())
    assert SigmoidNetwork.load(tmp_path / "saved").score(points) == 1
    named = SigmoidClassifier(random_state=0, epochs=50).fit(points)
    again = SigmoidClassifier(random_state=0, epochs=50).fit(points.X, np.array(points.classes)[points.y[:, 0].astype(int)])
    assert named.classes_.tolist() == list(points.classes) and np.array_equal(named.network_.vector, again.network_.vector)


def test_a_scale_once_chosen_stays(root):
    points = read_points(root / "examples" / "iris.csv")
    train, test = points.held_out(0.3)
    network = SigmoidNetwork([2, 3, 1], init="glorot", seed=0, scale=([0, 0], [10, 10]))
    network.fit(train, epochs=3)
    assert network.scale.high.tolist() == [10, 10]
    network = SigmoidNetwork([2, 3, 1], init="glorot", seed=0).fit(train, epochs=3, test=test)
    network.fit(test, epochs=3)
    assert np.array_equal(network.scale.low, train.X.min(axis=0))
    with pytest.raises(ValueError, match="learning_rate"):
        (fresh := SigmoidNetwork([2, 3, 1])).fit(train, learning_rate=-1)
    assert fresh.scale is None
