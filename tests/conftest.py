"""What several tests need: the root of the repository and commands run as a user would run them."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def command(tmp_path):
    """Run `backprop-lab` with the given arguments in an empty folder; returns the finished process."""

    def run(*args, **options):
        options = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120, **options}
        return subprocess.run([Path(sys.executable).parent / "backprop-lab", *map(str, args)], **options)

    return run
