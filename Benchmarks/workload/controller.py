"""A controller in a temporary directory, with the private PostgreSQL server that it starts for itself."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path


class Failure(Exception):
    """Something that had to happen did not."""


def wait(what: str, look, patience: float, step: float = 0.05):
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(step)
    raise Failure(f"waited {patience:.0f} s for {what}, in vain")


class Controller:
    """Everything that has to be started before, and removed after. Put desired state into `config` before the start."""

    def __init__(self, sluice: str):
        self.sluice = str(Path(sluice).resolve())
        self.root = Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        # The private server runs as another account when we are root: it must be able to pass through.
        self.root.chmod(0o711)
        self.config, self.log = self.root / "config", self.root / "controller.log"
        self.config.mkdir()
        self.log.touch()
        self.process, self.address, self.database = None, "", {}

    def start(self, *options: str, environment: dict | None = None):
        self.process = subprocess.Popen(
            [self.sluice, "serve", "--config", self.config, "--data-dir", self.root / "data", "--listen",
             "127.0.0.1:0", *options],
            env=environment, stdout=subprocess.DEVNULL, stderr=open(self.log, "wb"), stdin=subprocess.DEVNULL)
        self.address = wait("the controller to listen", self._listening, 120)
        postgres = self.root / "data" / "postgres"
        socket = next((postgres / "socket").glob(".s.PGSQL.*[0-9]"))
        self.database = {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGHOST": str(socket.parent),
            "PGPORT": socket.name.rsplit(".", 1)[1], "PGUSER": "sluice", "PGDATABASE": "sluice",
            "PGPASSWORD": (postgres / "password").read_text().strip(),
        }

    def _listening(self):
        text = self.log.read_text(errors="replace")
        if self.process.poll() is not None:
            raise Failure("the controller ended by itself:\n" + text[-3000:])
        found = re.search(r"listens on (http://[0-9.:]+)", text)
        return found and found.group(1)

    def query(self, sql: str, database: str = "sluice") -> list[str]:
        """The rows of a query to the controller's own tables, or to another database of its server."""
        done = subprocess.run(
            ["psql", "-XAtqc", sql], env=self.database | {"PGDATABASE": database}, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"psql failed: {done.stderr}")
        return done.stdout.splitlines()

    def get(self, path: str):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer)

    def memory(self) -> float:
        """The most that the process has held so far, in MiB."""
        return self._status("VmHWM")

    def resident(self) -> float:
        """What it holds now, in MiB."""
        return self._status("VmRSS")

    def _status(self, line: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{line}:\s+(\d+)", status).group(1)) / 1024

    def processor_seconds(self) -> float:
        """Processor time of the process and of the children that it has waited for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=70)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)
