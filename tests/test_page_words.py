"""The command's page in Chinese: each sentence that it can say has its translation."""
import html
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, cli, generate_xor_easy, page
from backprop_lab.report import Run

BOOK = page.PHRASES["zh-TW"]
SAME = re.compile(r"UTF-8|UTF-16|CP950|[-\d.,]*")              # in both languages

TABLES = [                                                      # on which the reader has something to say
    "a,b,kind\n1,2,u\n2,1,v\n",
    "a,kind\n1,u\n2,v\n",
    "# one\n\n;;\na;b;kind\n1,5;2;u\n2;1,5;v\n",
    "# one\n% two\n1\t2\tu\n2\t1\tv\n",
    "sep=|\na|b|kind\n1|2|u\n||\n||\n2|1|v\n",
    "# a b kind\n1 2 u\n2 1 v\n",
    "3 2 1\n0 0\n0\n1 0\n1\n0 1\n1\n",
    "a,b,kind\n1,2,u\n2,1,v\n".encode("utf-16"),
    "größe,b,kind\n1,2,u\n2,1,v\n".encode("latin-1"),
    "n,a,b,kind\n" + "".join(f"{k},{k % 7},7,{'uv'[k % 2]}\n" for k in range(1, 31)),
    "a,b,d,kind\n1,7,0,u\n2,7,0,v\n",
    "a,b,c,kind\n1,7,0,u\n2,7,0,v\n1,7,0,U\n,7,0,v\n",
    "a,b,kind\n" + "".join(f"{10_000 + 77 * k},{k % 3},{'uv'[k % 2]}\n" for k in range(30)),
    "a,b,kind\n1,2,u\n1,2,v\n3,4,u\n",
]
BLOCKS = "a,b,kind\n" + "".join(f"{k % 7},{k * k % 11},{'uv'[k // 20]}\n" for k in range(40))
MANY = "a,b,kind\n" + "".join(f"{k % 999},{k * k % 11},{'uv'[k % 2]}\n" for k in range(22_000))
TRAININGS = [                                                   # a table, and how it is trained on
    (TABLES[0], "--epochs 9000 --learning-rate 5"),
    (BLOCKS, "--epochs 3"),
    (BLOCKS, "--epochs 300 --learning-rate 5 --keep best --shuffle"),
    (BLOCKS, "--epochs 3000 --learning-rate 5 --patience 2"),
    (BLOCKS, "--epochs 3000 --learning-rate 2 --layers 2 20 1"),
    (MANY, "--epochs 1"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the report and of all these tables in Chinese, and {what was to be said: what was}."""
    folder, said, speaker, written = tmp_path_factory.mktemp("pages"), {}, page.speaker, []

    def listening(language):
        say = speaker(language)
        return lambda text: said.setdefault(text, say(text)) if language == "zh-TW" else say(text)

    def run(*arguments, ends=(0, 1)):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as errors:
            status = cli.main([*map(str, arguments), "--language", "zh-TW", "--output", str(folder)])
        assert status in ends, errors.getvalue()
        written.append((folder / "index.html").read_text(encoding="utf-8"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "speaker", listening)
        patch.setattr(page, "speaker", listening)
        run("report", "--epochs", 400)
        for content, options in [*((table, "--missing drop --drop c --epochs 9") for table in TABLES), *TRAININGS]:
            path = folder / "points.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            header = "c," in str(content)
            run("train", path, *(options if header else options.replace("--drop c ", "")).split())

        def interrupt(*line, **options):
            raise KeyboardInterrupt
        patch.setattr(cli.tqdm, "write", interrupt)
        run("train", path, "--print-every", 1, ends=[130])
        X, y = generate_xor_easy()
        network = SigmoidNetwork([2, 5, 5, 1], seed=0).fit(X, y, epochs=9)
        runs = [Run("XOR, 21 points, learning rate 0.1", X, y, 0.1, network)]
        written.append(page.write_page(runs, folder / "index.html", language="zh-TW").read_text(encoding="utf-8"))
    return written, said


def test_every_sentence_is_translated(pages):
    left = [text for text, other in pages[1].items() if text == other and not SAME.fullmatch(text)]
    assert left == [], "no phrase for these in page_words.json"


def test_every_phrase_is_said(pages):
    def fits(phrase, text):
        return page._pattern(phrase).fullmatch(text)
    inner = [value for text in pages[1] for phrase in BOOK if (found := fits(phrase, text))
             for name, value in found.groupdict().items() if name.isupper()]
    unsaid = [phrase for phrase in BOOK if not any(fits(phrase, text) for text in [*pages[1], *inner])]
    assert not unsaid, unsaid


def test_no_english_is_left(pages):
    """Outside of code, pictures and the live page, whose words are its own."""
    for text in pages[0]:
        assert '<html lang="zh-TW">' in text
        shown = re.sub(r'<code>.*?</code>|<style>.*?</style>|<script.*?</script>|data-state="[^"]*"|src="[^"]*"',
                       "", text, flags=re.S)
        words = " ".join(re.findall(r'(?:alt|label)="([^"]*)"', shown)) + html.unescape(re.sub(r"<[^>]+>", "\n", shown))
        assert re.findall(r"[a-z]{2,}(?: [a-z]{2,}){2,}", words) == []
        for state in re.findall(r'data-state="([^"]*)"', text):
            assert json.loads(html.unescape(state))["language"] == "zh-TW"


def test_names_of_classes_and_columns_stay(tmp_path):
    """Also where the page has such words itself."""
    rows = "".join(f"{k % 7},{k % 5},{('right', 'points')[k % 2]}\n" for k in range(40))
    (tmp_path / "epochs").write_text("run,share,held out\n" + rows)
    with redirect_stdout(io.StringIO()):
        cli.main(["train", str(tmp_path / "epochs"), "--epochs", "1", "--language", "zh-TW", "--output", str(tmp_path)])
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<h1>epochs</h1>" in text and "（run, share），標籤 held out：" in text
    assert "<th>預測為 points</th><th>預測為 right</th>" in text and "<td>points</td>" in text


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_what_no_phrase_fits_stays(language):
    say = page.speaker(language)
    for text in ("a kind of thing", "at 9 o'clock: ", "{n} of {m}", "", np.str_("x")):
        assert say(text) == text
    with pytest.raises(ValueError, match="language is 'zh'; expected"):
        page.speaker("zh")
