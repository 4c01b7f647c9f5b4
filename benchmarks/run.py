"""Measure this package beside its peers, interleaved in one run on one core; writes results.json beside this file.

`make bench` calls it in an environment of its own and then runs the notebooks that show the results. Each part is
written to unfinished.json as it is done; interrupted, or after a part that failed, the same call measures what is
missing. results.json is replaced when all parts are there.
"""
import hashlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path

import backprop_lab
import torch
from chain import chain
from measure import machine
from parts import digits, interrupts, many_runs, mini_batches, sample_loop, start_up, sweep, wide_layers

HERE = Path(__file__).parent
RESULTS, UNFINISHED = HERE / "results.json", HERE / "unfinished.json"
PARTS = {
    "start_up": start_up,
    "sample_loop": sample_loop,
    "wide_layers": wide_layers,
    "mini_batches": mini_batches,
    "sweep": sweep,
    "digits": digits,
    "many_runs": many_runs,
    "chain": chain,
    "interrupt": interrupts,
}


def what_is_measured():
    """The machine and a digest of the code: parts of different ones do not belong together."""
    files = sorted([*Path(backprop_lab.__file__).parent.glob("*.py"), *HERE.glob("*.py"), *HERE.glob("*.c")])
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return {"machine": machine(), "code": digest}


def write(path, results):
    part = path.with_suffix(".part")
    part.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


def unfinished(whole):
    """The parts measured so far on this machine with this code."""
    try:
        found = json.loads(UNFINISHED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return dict(whole)
    if {name: found.get(name) for name in whole} != whole:
        print("machine or code changed since the parts in unfinished.json: beginning anew")
        return dict(whole)
    print("already measured:", ", ".join(name for name in PARTS if name in found) or "nothing")
    return found


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)      # a shell's background ignores it
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})   # one core for all
    whole = what_is_measured()
    results, failed = unfinished(whole), {}
    for name, part in PARTS.items():
        if name in results:
            continue
        print(f"measuring {name}", flush=True)
        try:
            results[name] = part()
        except Exception as error:
            traceback.print_exc()
            failed[name] = error
            continue
        write(UNFINISHED, results)
    if failed:
        sys.exit("\n".join([f"{name} failed: {error!r}" for name, error in failed.items()]
                           + ["the others are in unfinished.json; the same call measures what is missing"]))
    results = {"machine": results["machine"], **{name: results[name] for name in PARTS}}
    write(RESULTS, results)
    UNFINISHED.unlink()
    print(f"all {len(PARTS)} parts are in {RESULTS.name}; nbs/24_speed.ipynb shows them")


if __name__ == "__main__":
    main()
