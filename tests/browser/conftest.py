"""A JupyterLab of its own and a Chromium that talks to nobody else (Debian: apt-get install chromium)."""
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from helpers import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import translate  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:")


@pytest.fixture(scope="session")
def kept():
    """The folder where screenshots and measured figures are kept."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


def answers(address, server, log):
    """Wait until JupyterLab answers."""
    for _ in range(240):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{address}/api", timeout=2)
        assert server.poll() is None, log.read_text()[-2000:]
        time.sleep(0.25)
    raise AssertionError("JupyterLab did not come up")


@contextlib.contextmanager
def jupyterlab(home, notebooks):
    """The address of a JupyterLab (with its token) on a folder in `home`, opened as `make lab` opens it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tracker = home / "settings" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)            # draw every cell, not only those in sight
    (tracker / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    env = {**os.environ, **{name: str(home / folder) for name, folder in folders.items()}, "BACKPROP_LAB_QUICK": "1"}
    token, log = secrets.token_hex(8), home / "log"
    with open(log, "w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", f"--config={ROOT / 'docs' / 'lab' / 'jupyter_lab_config.py'}",
             "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
             f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True",
             f"--ServerApp.root_dir={home / notebooks}"], env=env, stdout=file, stderr=file)
    answers(f"http://127.0.0.1:{port}", server, log)
    yield f"http://127.0.0.1:{port}", token
    server.terminate()
    server.wait(20)


def copied(home, *folders):
    for folder in folders:
        shutil.copytree(
            ROOT / folder, home / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        )


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the notebooks: its address and its token."""
    home = tmp_path_factory.mktemp("lab")
    copied(home, "nbs", "benchmarks", "examples")
    with jupyterlab(home, "nbs") as server:
        yield server


@pytest.fixture
def chinese_lab(tmp_path):
    """The same on the Chinese copies."""
    copied(tmp_path, "benchmarks", "examples")
    translate.write_lab(tmp_path / "nbs_zh_TW", "zh_TW")
    with jupyterlab(tmp_path, "nbs_zh_TW") as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")      # in CI a failure, as every skip
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page whose every request is noted; at the end none may have gone to another machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1100}, accept_downloads=True)
    page, addresses = context.new_page(), []
    page.on("request", lambda request: addresses.append(request.url))
    page.set_default_timeout(60_000)
    yield page
    context.close()
    assert [url for url in addresses if not url.startswith(HERE)] == []
