"""A Notify sandbox for pytest: copy this file beside your conftest.py, and import `notify` there.

    from notify_sandbox import notify, notify_program  # noqa: F401

It runs the `notify` program on the PATH, or the one that NOTIFY_PROGRAM names.
"""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest


class Sandbox:
    """A running sandbox. `control` calls any part of its control API (CONTROL.md); the other methods are shortcuts."""

    def __init__(self, url):
        self.url = url

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={"X-Sandbox": "1"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def key(self, kind="live"):
        return next(key["key"] for key in self.control("GET", "/sandbox/keys")["keys"] if key["type"] == kind)

    def messages(self, **filters):
        query = urllib.parse.urlencode(filters)
        return self.control("GET", f"/sandbox/messages?{query}")["messages"]

    def fail(self, **fault):
        self.control("POST", "/sandbox/faults", fault)

    def advance(self, seconds):
        """Advances the clock, and waits until everything that is then due has happened."""
        self.control("PUT", "/sandbox/clock", {"advance_seconds": seconds})
        self.control("POST", "/sandbox/wait-until-idle")


@pytest.fixture(scope="session")
def notify_program(tmp_path_factory):
    """One sandbox for all tests."""
    ready = Path(tmp_path_factory.mktemp("notify")) / "url"
    program = os.environ.get("NOTIFY_PROGRAM", "notify")
    process = subprocess.Popen([program, "sandbox", "--quiet", "--ready-file", ready], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not ready.exists():
            assert process.poll() is None and time.monotonic() < deadline, "the sandbox does not start"
            time.sleep(0.005)
        yield Sandbox(ready.read_text().strip())
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def notify(notify_program):
    """The sandbox, reset to its initial state for each test."""
    notify_program.control("POST", "/sandbox/reset")
    return notify_program
