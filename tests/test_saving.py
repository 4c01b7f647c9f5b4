"""Files: whole after every kind of death, and no file that can hurt who loads it."""
import json
import os
import random
import resource
import signal
import time

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy, read_points
from backprop_lab.saving import read_tensors
from conftest import in_a_fork, kill_until_done
from safetensors.numpy import save

X, y = generate_xor_easy()
CASES = int(os.environ.get("FUZZ_CASES", 100_000))


def trained(seed=0, layers=(2, 4, 4, 1), **settings):
    return SigmoidNetwork(layers, seed=seed, **settings).fit(X, y, epochs=20, print_every=0, record_every=5, shuffle=True)


@pytest.mark.parametrize("settings", [
    {}, dict(bias=[True, False, False]), dict(dtype=np.float32), dict(init="glorot", bias=False),
    *[dict(seed=np.random.Generator(getattr(np.random, name)(7))) for name in ("PCG64DXSM", "MT19937", "Philox", "SFC64")],
], ids=str)
def test_saved_and_loaded_is_the_same(tmp_path, settings):
    network = trained(**settings)
    network.set_scale(X * [3, 5])
    network.save(tmp_path / "網 路.safetensors")
    again = SigmoidNetwork.load(tmp_path / "網 路.safetensors")
    assert again.vector.tobytes() == network.vector.tobytes() and again.vector.dtype == network.vector.dtype
    assert (again.layers, again.bias, again.init, again.history, again.epochs, again.separated) == \
        (network.layers, network.bias, network.init, network.history, network.epochs, network.separated)
    assert np.array_equal(again.predict_proba(X), network.predict_proba(X))
    for one in (network, again):                 # the generator goes on where it was
        one.fit(X, y, epochs=5, print_every=0, shuffle=True)
    assert again.vector.tobytes() == network.vector.tobytes()


def test_killed_while_saving(tmp_path):
    path, networks = tmp_path / "network", [trained(seed) for seed in range(2)]
    contents = []
    for network in networks:
        network.save(path)
        contents.append(path.read_bytes())

    def save_for_ever():
        while True:
            for network in networks:
                network.save(path)

    times, seen = random.Random(0), set()
    for _ in range(200):
        child = in_a_fork(save_for_ever)
        time.sleep(times.uniform(0, 0.015))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen.add(path.read_bytes())
        SigmoidNetwork.load(path)
    assert seen == set(contents)


def test_a_full_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "network"
    trained().save(path)
    old, big = path.read_bytes(), SigmoidNetwork([2, 200, 200, 1], seed=0)

    def save_with_little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            big.save(path)
        except OSError:
            os._exit(7)

    assert os.waitstatus_to_exitcode(os.waitpid(in_a_fork(save_with_little_room), 0)[1]) == 7
    assert path.read_bytes() == old and [file.name for file in tmp_path.iterdir()] == ["network"]


def test_training_killed_again_and_again_reaches_the_same_bits(tmp_path):
    settings = dict(learning_rate=0.02, epochs=300_000, print_every=0, check_every=0)
    train = lambda **more: SigmoidNetwork([2, 5, 5, 1], seed=0).fit(X, y, **settings, **more)
    unbroken = train()
    kill_until_done(lambda: train(checkpoint=tmp_path / "run", checkpoint_every=5_000), 1, 0.05, 0.25)
    resumed = train(checkpoint=tmp_path / "run", checkpoint_every=5_000)
    assert resumed.vector.tobytes() == unbroken.vector.tobytes() and resumed.history == unbroken.history and resumed.epochs == 300_000


@pytest.mark.parametrize("other", [dict(seed=1), dict(learning_rate=0.2), dict(epochs=51), dict(layers=[2, 3, 1]), dict(batch_size=3)], ids=str)
def test_a_checkpoint_of_another_training_is_refused(tmp_path, other):
    def train(seed=0, layers=(2, 4, 1), learning_rate=0.1, epochs=50, **more):
        network = SigmoidNetwork(layers, seed=seed)
        return network.fit(X, y, learning_rate, epochs, 0, checkpoint=tmp_path / "run", **more)
    train()
    before = (tmp_path / "run").read_bytes()
    with pytest.raises(ValueError, match="another training"):
        train(**other)
    assert (tmp_path / "run").read_bytes() == before


def test_a_finished_checkpoint_is_finished(tmp_path):
    train = lambda: SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, 0.5, print_every=0, checkpoint=tmp_path / "run", checkpoint_every=500)
    first, second = train(), train()
    assert first.separated and second.separated and (first.epochs, first.history) == (second.epochs, second.history)
    assert first.vector.tobytes() == second.vector.tobytes()


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "pipe", "/dev/zero", "a\0b"):
        with pytest.raises(ValueError):
            SigmoidNetwork.load(path)


HOSTILE = [None, True, -1, 0, 1, 10**9, 10**30, 1e308, float("nan"), "", "x", [], [[]], {}, [2, 10**9, 1], [1] * 1000, [True], {"bit_generator": "seed"},
           {"bit_generator": "PCG64"}, {"bit_generator": ["PCG64"]}, {"bit_generator": "MT19937", "state": {"key": [1], "pos": 10**9}}]


def mutated(content, rng):
    """One damaged, twisted or hostile file made of a good one."""
    kind = rng.integers(6)
    data = bytearray(content)
    if kind == 0:                                                              # a few bits
        for _ in range(rng.integers(1, 8)):
            data[rng.integers(len(data))] ^= 1 << rng.integers(8)
    elif kind == 1:                                                            # cut, or grown
        data = data[: rng.integers(len(data))] if rng.random() < 0.7 else data + rng.bytes(rng.integers(1, 50))
    elif kind == 2:                                                            # a piece moved
        a, b, n = rng.integers(len(data), size=3)
        data[a : a + n % 40] = data[b : b + n % 40]
    elif kind == 3:                                                            # another length of the header
        data[:8] = rng.bytes(8) if rng.random() < 0.5 else int(rng.integers(2 * len(data))).to_bytes(8, "little")
    else:                                                                      # a sound file with a hostile value in it
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + size])
        hostile = HOSTILE[rng.integers(len(HOSTILE))]
        if kind == 4:
            values = json.loads(header["__metadata__"]["backprop_lab"])
            values[str(rng.choice(list(values)))] = hostile
            text = json.dumps(values) if rng.random() < 0.8 else str(rng.choice(["[" * 5_000, "9" * 5_000, "", "\u96f6", "{", "NaN", "[]"]))
            header["__metadata__"]["backprop_lab"] = text
        else:
            name = str(rng.choice([name for name in header if name != "__metadata__"]))
            header[name][str(rng.choice(["dtype", "shape", "data_offsets"]))] = hostile
            if rng.random() < 0.3:
                header[str(rng.choice(["weights.9", "scale", "history", "x"]))] = header.pop(name)
        text = json.dumps(header).encode()
        data = len(text).to_bytes(8, "little") + text + content[8 + size :]
    return bytes(data)


def test_no_mutated_file_escapes(tmp_path):
    path = tmp_path / "network"
    network = trained(bias=[True, False, True])
    network.set_scale(X)
    network.save(path)
    content, rng, refused = path.read_bytes(), np.random.default_rng(0), 0
    for _ in range(CASES):
        path.write_bytes(mutated(content, rng))
        try:
            loaded = SigmoidNetwork.load(path)
        except ValueError as error:
            refused += 1
            assert str(error).startswith(str(path))
        else:                                                                  # a change that leaves a sound network
            assert loaded.vector.size < len(content) and np.all(np.isfinite(loaded.vector))
            loaded.predict(np.zeros((1, loaded.layers[0])))
    assert refused > 0.5 * CASES


def test_arrays_that_make_no_network(tmp_path):
    network = trained()
    network.save(tmp_path / "good")
    tensors, metadata = read_tensors(tmp_path / "good")
    for name, array in (("weights.0", tensors["weights.0"] * np.nan), ("weights.1", np.ones((4, 4))), ("history", np.ones((2, 2))),
                        ("scale", np.ones((2, 3))), ("weights.2", tensors["weights.2"].astype(np.float32)), ("more", np.ones(1))):
        (tmp_path / "bad").write_bytes(save({**tensors, name: array}, metadata))
        with pytest.raises(ValueError, match="not a network"):
            SigmoidNetwork.load(tmp_path / "bad")


def test_no_mutated_table_escapes(tmp_path):
    path = tmp_path / "points.csv"
    good = "a,b,label\n" + "".join(f"{i}.5,{-i}e-1,{'是' if i % 2 else 'no'}\n" for i in range(6))
    content, rng, refused = good.encode(), np.random.default_rng(0), 0
    bits = [b",", b"\n", b"\r", b'"', b"\0", b"\xff", b"1e999", b"nan", b"-inf", b"1_0", "\u0663".encode(), b"'", b"0x1", b",,", b"\xef\xbb\xbf", b" "]
    for _ in range(CASES):
        data = bytearray(content)
        for _ in range(rng.integers(1, 5)):
            place = rng.integers(len(data) + 1)
            if rng.random() < 0.5:
                data[place : place + rng.integers(4)] = bits[rng.integers(len(bits))]
            else:
                data = data[:place] + data[place + rng.integers(20):]
        path.write_bytes(data)
        try:
            points, targets, names, classes = read_points(path)
        except ValueError as error:
            refused += 1
            assert str(error).startswith(str(path)) and "\n" not in str(error)
        else:
            assert points.shape == (len(targets), len(names) - 1) and np.all(np.isfinite(points)) and set(targets[:, 0]) == {0, 1}
    assert refused > 0.3 * CASES


def test_torch_gets_equal_outputs():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra: oracles)")
    for settings in ({}, dict(bias=[True, False, False]), dict(bias=False, init="glorot")):
        network = trained(**settings)
        network.set_scale(X * 7 - 1)
        np.testing.assert_allclose(network.to_torch()(torch.tensor(X)).detach().numpy(), network.predict_proba(X), rtol=1e-12)
