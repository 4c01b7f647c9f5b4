"""Coverage-guided fuzzing of the readers: `python tests/fuzz.py network 60`, `python tests/fuzz.py table 60`.

Atheris changes files so that they reach new code. What it finds is replayed by its path: `python tests/fuzz.py network
FILE`. Seeds are made here; what was found and mended is kept, small, in a test beside the code's other tests.
"""
import json
import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["backprop_lab.checks", "backprop_lab.saving", "backprop_lab.points"]):
    from backprop_lab import SigmoidNetwork, generate_xor_easy, read_points, saving

import numpy as np

ROOM = Path(tempfile.mkdtemp(prefix="fuzz"))          # stays, since the fuzzer leaves without a word to Python
FILE = ROOM / "file"
OPTIONS = [{}, dict(missing="drop"), dict(label=0), dict(header=False), dict(separator=",", decimal="."), dict(header=True)]
WORDS = [
    *("weights.0", "history.epoch", "scale", "best", "rng", "bit_generator", "PCG64", "MT19937", "Philox", "SFC64", "pos"),
    *("buffer_pos", "has_uint32", "epochs", "layers", "bias", "stopped", "format", "F64", "F32", "data_offsets", "shape"),
    *("__metadata__", "9223372036854775808", "-1", "1e309", "NaN", "null", "[]", "{}", "true"),
    *("sep=;", "# ", ",,", ";", "|", "1e999", "nan", "?", "NA", "1,5", "1.234,5", "'", "\ufeff", "\x1a", "4 2 1"),
]


def refuses(read, *arguments, **options):
    """What `read` returns, or None after one ValueError of one line that begins with the path."""
    try:
        return read(*arguments, **options)
    except ValueError as error:
        said = str(error)
        assert said.startswith(f"{FILE}: ") and "\n" not in said and len(said) < 1_500, said[:1_500]


def network(data):
    """A file as it is; or, if its first byte is even, as somebody writes it who can write a checksum too."""
    seal, saving.unsealed = saving.unsealed, UNSEALED if data[:1] and data[0] % 2 == 0 else saving.unsealed
    try:
        FILE.write_bytes(data[1:])
        found = refuses(SigmoidNetwork.load, FILE)
    finally:
        saving.unsealed = seal
    if found is not None:
        assert np.all(np.isfinite(found.vector)) and found.vector.size <= len(data)
        found.predict(np.zeros((1, found.layers[0])))
        found.rng.random(3)
        found.rng.permutation(5)
        found.save(FILE)
        assert SigmoidNetwork.load(FILE).vector.tobytes() == found.vector.tobytes()


def UNSEALED(text, tensors):
    """`saving.unsealed` that believes every checksum."""
    values = json.loads(text)
    values.pop("sha256", None)
    return values


def table(data):
    """A table as it is, its first byte the options."""
    FILE.write_bytes(data[1:])
    found = refuses(read_points, FILE, **OPTIONS[data[0] % len(OPTIONS)] if data else {})
    if found is not None:
        assert found.X.shape == (len(found.y), len(found.names)) and np.all(np.isfinite(found.X))
        assert sum(found.counts().values()) == len(found.X) and "\n" not in found.summary()


def network_seeds():
    X, y = generate_xor_easy()
    for kind in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
        rng = np.random.Generator(getattr(np.random, kind)(7))
        one = SigmoidNetwork([2, 1], bias=kind != "SFC64", seed=rng, dtype=np.float32 if kind == "Philox" else np.float64)
        one.set_scale(X).fit(X, y, epochs=3, test=(X[:5], y[:5]), batch_size=5).save(FILE)
        for first in b"\0\1":
            yield bytes([first]) + FILE.read_bytes()


def twisted(data, max_size, seed):
    """Another file made of this one: half of the time changed as JSON and tensors, else as bytes."""
    from test_saving import mutated
    if seed % 2:
        try:
            return (data[:1] + mutated(bytes(data[1:]), np.random.default_rng(seed)))[:max_size]
        except Exception:               # no file any more, so there is nothing to twist
            pass
    return atheris.Mutate(data, max_size)


def table_seeds():
    from test_points import SEEDS
    for k, text in enumerate(SEEDS):
        for encoding in ("utf-8", "utf-16", "cp950"):
            yield bytes([k]) + text.encode(encoding)


def main():
    name, what = sys.argv[1:3]
    target, seeds = {"network": (network, network_seeds), "table": (table, table_seeds)}[name]
    if not what.isdigit():
        target(Path(what).read_bytes())
        return
    corpus = ROOM / "corpus"
    corpus.mkdir()
    for k, seed in enumerate(seeds()):
        (corpus / str(k)).write_bytes(seed)
    escaped = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS]
    (ROOM / "words").write_text("".join(f'"{word}"\n' for word in escaped))
    # files of 8 KB reach all code; one that takes 5 s is a fault
    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={what}", "-max_len=8192", "-len_control=0", "-timeout=5", "-seed=1", "-verbosity=1",
                   "-print_final_stats=1", f"-dict={ROOM / 'words'}", f"-artifact_prefix={os.getcwd()}/fuzz-{name}-"],
                  target, **({"custom_mutator": twisted} if name == "network" else {}))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
