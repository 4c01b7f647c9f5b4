"""Files: whole after every kind of death, and no file that can hurt who loads it."""
import json
import os
import random
import re
import resource
import signal
import time

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from backprop_lab.saving import read_tensors
from cases import KILLS, NETWORK_FILES, WRITES
from helpers import dies_at, in_a_fork
from backprop_lab.saving import checksum, write_tensors
from safetensors.numpy import load, save

X, y = generate_xor_easy()


def trained(seed=0, layers=(2, 4, 4, 1), scale=None, **settings):
    network = SigmoidNetwork(layers, seed=seed, scale=scale, **settings)
    return network.fit(X, y, epochs=20, record_every=5, shuffle=True, test=(X[:5], y[:5]))


@pytest.mark.parametrize("settings", [
    {}, dict(bias=[True, False, False]), dict(dtype=np.float32), dict(init="glorot", bias=False),
    *[dict(seed=np.random.Generator(getattr(np.random, name)(7))) for name in ("PCG64DXSM", "MT19937", "Philox", "SFC64")],
], ids=lambda settings: re.sub(r' at 0x\w+', '', str(settings)))
def test_saved_and_loaded_is_the_same(tmp_path, settings):
    network = trained(scale=([0, 0], [3, 5]), **settings)
    network.save(tmp_path / "網 路.safetensors")
    again = SigmoidNetwork.load(tmp_path / "網 路.safetensors")
    assert again.vector.tobytes() == network.vector.tobytes() and again.vector.dtype == network.vector.dtype
    for name in ("layers", "bias", "init", "history", "epochs", "stopped", "columns", "classes"):
        assert getattr(again, name) == getattr(network, name)
    assert again.best[:2] == network.best[:2] and np.array_equal(again.best.vector, network.best.vector)
    assert np.array_equal(again.outputs(X), network.outputs(X))
    for one in (network, again):                 # the generator goes on where it was
        one.fit(X, y, epochs=5, shuffle=True)
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
    for _ in range(KILLS):
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


def test_training_that_dies_at_any_write_reaches_the_same_bits(tmp_path):
    settings = dict(learning_rate=0.02, epochs=3_000, check_every=0, shuffle=True)
    def train(**more):
        return SigmoidNetwork([2, 5, 5, 1], seed=0).fit(X, y, **settings, **more)
    unbroken = train()
    for call in range(WRITES + 1):                     # three a save: the file, its name, its folder
        path = tmp_path / f"run{call}"
        more = dict(checkpoint=path, checkpoint_every=1_000)
        died = dies_at(call, lambda: train(**more))
        assert died == (call < WRITES)
        resumed = train(**more)
        assert resumed.vector.tobytes() == unbroken.vector.tobytes()
        assert resumed.history == unbroken.history and resumed.epochs == 3_000
        assert list(tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize("other", [dict(seed=1), dict(learning_rate=0.2), dict(epochs=51), dict(layers=[2, 3, 1]), dict(batch_size=3)], ids=str)
def test_a_checkpoint_of_another_training_is_refused(tmp_path, other):
    def train(seed=0, layers=(2, 4, 1), learning_rate=0.1, epochs=50, **more):
        network = SigmoidNetwork(layers, seed=seed)
        return network.fit(X, y, learning_rate, epochs=epochs, checkpoint=tmp_path / "run", **more)
    train()
    before = (tmp_path / "run").read_bytes()
    with pytest.raises(ValueError, match="another training"):
        train(**other)
    assert (tmp_path / "run").read_bytes() == before


def test_a_finished_checkpoint_is_finished(tmp_path):
    def train():
        network = SigmoidNetwork([2, 4, 4, 1], seed=0)
        return network.fit(X, y, 0.5, checkpoint=tmp_path / "run", checkpoint_every=500)
    first, second = train(), train()
    assert first.separated and second.separated and (first.epochs, first.history) == (second.epochs, second.history)
    assert first.vector.tobytes() == second.vector.tobytes()


@pytest.mark.parametrize("held", [dict(patience=5), dict(keep="best")], ids=str)
def test_held_out_points_survive_a_death_too(tmp_path, held):
    test = (X[::3], 1 - y[::3])
    def train(**more):
        network = SigmoidNetwork([2, 4, 4, 1], seed=0)
        return network.fit(X, y, 0.5, epochs=2_000, test=test, **held, **more)
    unbroken, more = train(), dict(checkpoint=tmp_path / "run", checkpoint_every=100)
    assert dies_at(4, lambda: train(**more)) or "patience" in held
    resumed = train(**more)
    assert resumed.vector.tobytes() == unbroken.vector.tobytes() and resumed.history == unbroken.history
    assert resumed.stopped == unbroken.stopped and resumed.best.epoch == unbroken.best.epoch


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "two\nlines").write_text("x")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "pipe", "/dev/zero", "a\0b", "a\nb", tmp_path / "two\nlines"):
        with pytest.raises(ValueError) as refusal:
            SigmoidNetwork.load(path)
        assert str(refusal.value).isprintable() and str(refusal.value).startswith(repr(str(path))[1:-1])


HOSTILE = [
    None,
    True,
    -1,
    0,
    1,
    10**9,
    10**30,
    1e308,
    float("nan"),
    "",
    "x",
    [],
    [[]],
    {},
    [2, 10**9, 1],
    [1] * 1000,
    [True],
    {"bit_generator": "seed"},
    {"bit_generator": "PCG64"},
    {"bit_generator": ["PCG64"]},
    {"bit_generator": "MT19937", "state": {"key": [1], "pos": 10**9}},
]


def resealed(values, content):
    """The text of changed values with a checksum that fits: what somebody would write on purpose."""
    values = {name: value for name, value in values.items() if name != "sha256"}
    text = json.dumps(values)
    return f'{text[:-1]}, "sha256": "{checksum(load(content), text)}"}}'


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
            text = (
                resealed(values, content)
                if rng.random() < 0.8
                else str(rng.choice(["[" * 5_000, "9" * 5_000, "", "\u96f6", "{", "NaN", "[]"]))
            )
            header["__metadata__"]["backprop_lab"] = text
        else:
            name = str(rng.choice([name for name in header if name != "__metadata__"]))
            header[name][str(rng.choice(["dtype", "shape", "data_offsets"]))] = hostile
            if rng.random() < 0.3:
                header[str(rng.choice(["weights.9", "scale", "history.x", "best", "x"]))] = header.pop(name)
        text = json.dumps(header).encode()
        data = len(text).to_bytes(8, "little") + text + content[8 + size :]
    return bytes(data)


def test_no_mutated_file_escapes(tmp_path):
    path = tmp_path / "network"
    trained(bias=[True, False, True], scale=([0, 0], [1, 1])).save(path)
    content, rng, refused = path.read_bytes(), np.random.default_rng(0), 0
    for _ in range(NETWORK_FILES):
        path.write_bytes(mutated(content, rng))
        try:
            loaded = SigmoidNetwork.load(path)
        except ValueError as error:
            refused += 1
            assert str(error).startswith(str(path)) and "\n" not in str(error) and len(str(error)) < 600
        else:                                                                  # a change that leaves a sound network
            assert loaded.vector.size < len(content) and np.all(np.isfinite(loaded.vector))
            loaded.predict(np.zeros((1, loaded.layers[0])))
    assert refused > 0.5 * NETWORK_FILES


def small_file(path):
    """A network with everything that a file holds, in as few bytes as can be."""
    SigmoidNetwork([2, 1], seed=0).set_scale(X).fit(X, y, epochs=3, test=(X[:5], y[:5]), batch_size=5).save(path)
    return path


def test_every_flipped_bit_is_found(tmp_path):
    path = small_file(tmp_path / "network")
    content, unseen = path.read_bytes(), []
    for bit in range(8 * len(content)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        try:
            SigmoidNetwork.load(path)
        except ValueError:
            continue
        unseen.append(bit)
    assert unseen == []


def test_arrays_that_make_no_network(tmp_path):
    network = trained()
    tensors, values = network.state()
    epochs = tensors["history.epoch"]
    bad = [("weights.0", tensors["weights.0"] * np.nan), ("weights.1", np.ones((4, 4))), ("history.loss", np.ones(2)),
           ("history.epoch", -epochs), ("history.epoch", epochs - 1), ("history.epoch", 1e277 * epochs), ("scale", np.ones((2, 3))),
           ("best", np.ones(3)), ("weights.2", tensors["weights.2"].astype(np.float32)), ("more", np.ones(1))]
    for name, array in bad:
        write_tensors(tmp_path / "bad", {**tensors, name: array}, values)
        with pytest.raises(ValueError, match="not a network"):
            SigmoidNetwork.load(tmp_path / "bad")


def test_files_of_version_0_1_still_load(tmp_path):
    """A file as 0.1 wrote it: history as a table that counts from 0, no checksum, a flag for the end."""
    network = trained()
    tensors = {f"weights.{l}": W for l, W in enumerate(network.weights)}
    tensors["history"] = np.array([[0, 0.2, 0.5], [19, 0.1, 1.0]])
    values = {
        "format": 1,
        "version": "0.1.0",
        "layers": network.layers,
        "bias": network.bias,
        "init": "uniform",
        "epochs": 20,
        "separated": True,
        "rng": network.rng.bit_generator.state,
        "training": None,
    }
    text = json.dumps(values)
    (tmp_path / "old").write_bytes(
        save({name: np.ascontiguousarray(a) for name, a in tensors.items()}, {"backprop_lab": text})
    )
    old = SigmoidNetwork.load(tmp_path / "old")
    assert old.vector.tobytes() == network.vector.tobytes() and old.separated and old.epochs == 20
    assert old.history == {"epoch": [1, 20], "loss": [0.2, 0.1], "accuracy": [0.5, 1.0]}
    for one in (network, old):
        one.fit(X, y, epochs=5, shuffle=True)
    assert old.vector.tobytes() == network.vector.tobytes()


@pytest.mark.parametrize("change", [
    dict(epochs=2**63), dict(epochs=-1), dict(epochs=1.5), dict(layers=[2, 10**6, 10**6, 1]), dict(stopped="tired"), dict(classes=[1]),
    *[dict(rng={**np.random.Philox(0).state, "buffer_pos": place}) for place in (-(10**9), 10**9, 5)],
    *[dict(rng={**np.random.MT19937(0).state, "state": {"key": np.random.MT19937(0).state["state"]["key"], "pos": place}})
      for place in (10**9, 700, -1)],
], ids=lambda change: next(iter(change)))
def test_every_integer_of_the_header_has_its_range(tmp_path, change):
    tensors, values = trained().state()
    write_tensors(tmp_path / "bad", tensors, {**values, **change})
    with pytest.raises(ValueError, match="not a network"):
        SigmoidNetwork.load(tmp_path / "bad")


def test_save_keeps_what_it_is_pointed_at(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    trained().save(file)
    file.chmod(0o640)
    owner = (1234, 2345) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(file, *owner)
    link.symlink_to(file)
    trained(1).save(link)
    now = file.stat()
    assert link.is_symlink() and (now.st_mode & 0o777, now.st_uid, now.st_gid) == (0o640, *owner)
    assert SigmoidNetwork.load(file).vector.tobytes() == trained(1).vector.tobytes()
    before = file.read_bytes()
    file.chmod(0o440)
    with pytest.raises(OSError, match="read-only"):
        trained(2).save(link)
    os.mkfifo(tmp_path / "pipe")
    for refused in (tmp_path / "pipe", tmp_path, "/dev/null"):
        with pytest.raises(OSError, match="not a regular file"):
            trained().save(refused)
    assert file.read_bytes() == before and os.path.exists("/dev/null") and not os.path.isfile("/dev/null")


def test_a_part_left_by_a_kill_goes_with_the_next_save(tmp_path):
    assert dies_at(0, lambda: trained().save(tmp_path / "network"))
    assert len(list(tmp_path.glob(".network.*.part"))) == 1
    trained().save(tmp_path / "network")
    assert [file.name for file in tmp_path.iterdir()] == ["network"]


def test_huge_files_are_refused_at_once(tmp_path):
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(10**12)
    with pytest.raises(ValueError, match="1,000,000,000,000 bytes"):
        SigmoidNetwork.load(tmp_path / "sparse")


@pytest.mark.oracles
def test_torch_gets_equal_outputs():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra: oracles)")
    for settings in ({}, dict(bias=[True, False, False]), dict(bias=False, init="glorot")):
        network = trained(scale=([-1, -1], [6, 6]), **settings)
        np.testing.assert_allclose(network.to_torch()(torch.tensor(X)).detach().numpy(), network.outputs(X), rtol=1e-12)
