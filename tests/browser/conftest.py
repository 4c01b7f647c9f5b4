"""A JupyterLab of its own and a Chromium that talks to nobody else. Without Chromium (Debian: chromium) the tests are skipped."""
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
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def kept():
    """The folder where screenshots and measured figures are kept."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a running JupyterLab (with its token) on a copy of the notebooks."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("nbs", "benchmarks", "examples"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    overrides = home / "settings" / "@jupyterlab" / "apputils-extension"
    overrides.mkdir(parents=True)
    (overrides / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
           "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "IPYTHONDIR": str(home / "ipython"), "BACKPROP_LAB_QUICK": "1"}
    token = secrets.token_hex(8)
    log = open(home / "log", "w")
    server = subprocess.Popen([sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
                               "--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={home}"], env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/api", timeout=2)
            break
        assert server.poll() is None, (home / "log").read_text()[-2000:]
        time.sleep(0.25)
    yield address, token
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
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
    away = [url for url in addresses if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:"))]
    assert away == []
