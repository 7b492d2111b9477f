"""The world of the benchmark: a controller with its private PostgreSQL, a bare repository and an author's clone."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

REGISTRY = "bench"
REFERENCE = "registry-template"
MAIN = "data-model/main-liquibase.xml"


class NotSeen(Exception):
    """Something that had to happen did not."""


@dataclass(frozen=True)
class Push:
    """A candidate's way from `git push` to its verdict, in seconds."""

    verdict: float
    command: float
    run: dict
    tasks: list
    arrival: float
    rest: float


class World:
    """Everything that has to be started before, and removed after."""

    def __init__(self, sluice: str, binaries: str, patience: float):
        self.sluice, self.binaries, self.patience = sluice, binaries, patience
        self.root = Path(tempfile.mkdtemp(prefix="sluice-bench-"))
        # The private server runs as another account when we are root: it must be able to pass through.
        self.root.chmod(0o711)
        self.bare = self.root / "repositories" / f"{REGISTRY}.git"
        self.clone = self.root / "author"
        self.data = self.root / "data"
        self.log = self.root / "controller.log"
        self.git_environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.root), "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@example.org",
            "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@example.org",
        }
        self.controller = self.objects = None
        self.address = ""

    # Start and end

    def start(self, hook: Path):
        """Makes the repository, starts the controller, makes the reference database."""
        self._configure()
        self.git("init", "--quiet", "--bare", "--initial-branch=master", self.bare, directory=self.root)
        self.controller = subprocess.Popen(
            [self.sluice, "serve", "--config", self.root / "config", self._data_option(), self.data,
             "--listen", "127.0.0.1:0", "--log-level", "notice"],
            stdout=subprocess.DEVNULL, stderr=open(self.log, "wb"), stdin=subprocess.DEVNULL)
        self.address = self._wait("the controller to listen", self._listening, step=0.05)
        self.psql_environment = self._server()
        self.run_sql(f'CREATE DATABASE "{REFERENCE}"')
        self._prepare_repository(hook)

    def stop(self):
        """Ends what was started and removes the directory."""
        if self.objects:
            self.objects.stdin.close()
            self.objects.wait()
        if self.controller:
            self.controller.send_signal(signal.SIGTERM)
            try:
                self.controller.wait(timeout=70)
            except subprocess.TimeoutExpired:
                self.controller.kill()
                self.controller.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def _data_option(self) -> str:
        text = subprocess.run([self.sluice, "serve", "--help"], capture_output=True, text=True, check=True).stdout
        return "--data-dir" if "--data-dir" in text else "--data"

    def _configure(self):
        config = self.root / "config"
        config.mkdir()
        self.bare.parent.mkdir()
        head = "apiVersion: sluice.dev/v1alpha1\nkind: {}\nmetadata:\n  name: {}\nspec:\n{}"
        (config / "forge.yaml").write_text(
            head.format("Forge", "local", f"  type: local\n  local:\n    path: {self.bare.parent}\n"))
        (config / "server.yaml").write_text(head.format("DatabaseServer", "main", "  embedded: {}\n"))
        (config / "registry.yaml").write_text(
            head.format("Registry", REGISTRY, (
                f"  forge: local\n  project: {REGISTRY}\n  server: main\n  referenceDatabase: {REFERENCE}\n"
                f"  changelogs:\n    - path: {MAIN}\n  interval: 1h\n")))

    def _listening(self):
        if self.controller.poll() is not None:
            raise NotSeen("the controller ended by itself:\n" + self.log.read_text(errors="replace"))
        found = re.search(r"listens on (http://[0-9.:]+)", self.log.read_text(errors="replace"))
        return found and found.group(1)

    def _server(self) -> dict:
        postgres = self.data / "postgres"
        socket = next((postgres / "socket").glob(".s.PGSQL.*[0-9]"))
        return {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGHOST": str(socket.parent),
            "PGPORT": socket.name.rsplit(".", 1)[1], "PGUSER": "sluice", "PGDATABASE": "postgres",
            "PGPASSWORD": (postgres / "password").read_text().strip(),
        }

    def _prepare_repository(self, hook: Path):
        for name, value in (("gc.auto", "0"), ("receive.autogc", "false"), ("sluice.bin", self.sluice)):
            self.git("config", name, value, directory=self.bare)
        for value in ("--server", self.address):
            self.git("config", "--add", "sluice.notifyArg", value, directory=self.bare)
        shutil.copy(hook, self.bare / "hooks" / "post-receive")
        (self.bare / "hooks" / "post-receive").chmod(0o755)
        self.git("clone", "--quiet", self.bare, self.clone, directory=self.root)
        self.objects = subprocess.Popen(
            ["git", "cat-file", "--batch"], cwd=self.bare, env=self.git_environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)

    # git

    def git(self, *arguments, directory=None) -> str:
        done = subprocess.run(
            ["git", *map(str, arguments)], cwd=directory or self.clone, env=self.git_environment, capture_output=True,
            text=True, timeout=self.patience)
        if done.returncode != 0:
            raise NotSeen(f"git {arguments[0]} failed: {done.stderr}")
        return done.stdout.strip()

    def commit(self, branch: str, files: dict[str, str]) -> str:
        """Commits files on a branch that begins at master; returns the commit."""
        if branch != "master":
            self.git("checkout", "--quiet", "-b", branch)
        for path, text in files.items():
            file = self.clone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"Changes of {branch}")
        commit = self.git("rev-parse", "HEAD")
        if branch != "master":
            self.git("checkout", "--quiet", "master")
        return commit

    def measure_push(self, candidate: str, commit: str) -> Push:
        """Pushes a candidate and waits for +1 on its commit."""
        before = self._notes_tip()
        wall, start = time.time(), time.perf_counter()
        push = subprocess.Popen(
            ["git", "push", "--quiet", "origin", f"candidate/{candidate}"], cwd=self.clone, env=self.git_environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = command = None
        while seen is None:
            time.sleep(0.001)
            now = time.perf_counter() - start
            if command is None and push.poll() is not None:
                command = now
                if push.returncode != 0:
                    raise NotSeen(f"git push ended with {push.returncode}")
            tip = self._notes_tip()
            if tip != before:
                before = tip
                label = self._verdict(commit)
                if label == "+1":
                    seen = now
                elif label == "-1":
                    raise NotSeen(f"candidate {candidate} got -1:\n{self._note(commit)}")
            if now > self.patience:
                status = self.get(f"/api/v1/resources/Candidate/{REGISTRY}/{candidate}")["status"]
                raise NotSeen(
                    f"no verdict on candidate {candidate} within {self.patience:.0f} s; it says\n"
                    + json.dumps(status["conditions"], indent=2))
        push.wait()
        run = self._wait("the run to be recorded", lambda: self._run(candidate, commit))
        tasks = self.get(f"/api/v1/runs/{run['id']}/tasks?limit=100")["items"]
        begun, ended = (_seconds(run[key]) - wall for key in ("startedAt", "endedAt"))
        return Push(seen, command or seen, run, sorted(tasks, key=lambda task: task["position"]), begun, ended - seen)

    def measure_notification(self) -> float:
        """Runs what the hook runs; returns how long it took, in seconds."""
        start = time.perf_counter()
        subprocess.run(
            [self.sluice, "notify", "--repository", self.bare, "--server", self.address], check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=self.patience)
        return time.perf_counter() - start

    def remove(self, candidate: str, database: str):
        """Deletes the candidate's branch and waits until its database is dropped."""
        self.git("push", "--quiet", "origin", "--delete", f"candidate/{candidate}")
        self.git("branch", "--quiet", "-D", f"candidate/{candidate}")
        self._wait(f"{database} to be dropped", lambda: not self.has_database(database), step=0.05)

    def _notes_tip(self) -> bytes:
        try:
            return (self.bare / "refs" / "notes" / "verified").read_bytes()
        except FileNotFoundError:
            return b""

    def _verdict(self, commit: str) -> str:
        first = self._note(commit).split("\n", 1)[0]
        return first.removeprefix("Verified: ")

    def _note(self, commit: str) -> str:
        """The text of the note on a commit, from a `git cat-file` that runs all the time; empty when there is none."""
        for path in (commit, f"{commit[:2]}/{commit[2:]}"):
            self.objects.stdin.write(f"refs/notes/verified:{path}\n".encode())
            self.objects.stdin.flush()
            answer = self.objects.stdout.readline().decode()
            if answer.endswith("missing\n"):
                continue
            return self.objects.stdout.read(int(answer.split()[2]) + 1).decode(errors="replace")
        return ""

    # REST

    def settle(self):
        """Waits until master's tables can be read: then nothing of the first sweep is left to be done."""
        self._wait("master's tables", self._is_master_ready, step=0.05)

    def _is_master_ready(self) -> bool:
        with urllib.request.urlopen(self.address + "/versions/master/tables", timeout=self.patience) as answer:
            return answer.headers["Sluice-Database-State"] == "ready"

    def get(self, path: str):
        with urllib.request.urlopen(self.address + path, timeout=self.patience) as answer:
            return json.load(answer)

    def _run(self, candidate: str, commit: str):
        query = urllib.parse.urlencode(
            {"kind": "Candidate", "name": f"{REGISTRY}/{candidate}", "revision": commit, "status": "succeeded"})
        items = self.get(f"/api/v1/runs?{query}")["items"]
        return items[0] if items else None

    # PostgreSQL

    def tool(self, name: str, *arguments: str, database: str | None = None) -> str:
        """Runs one of PostgreSQL's client programs as the administrator."""
        environment = self.psql_environment | ({"PGDATABASE": database} if database else {})
        done = subprocess.run(
            [f"{self.binaries}/{name}", *map(str, arguments)], env=environment, capture_output=True, text=True,
            timeout=self.patience)
        if done.returncode != 0:
            raise NotSeen(f"{name} failed: {done.stderr}")
        return done.stdout.strip()

    def run_sql(self, sql: str, database: str | None = None) -> str:
        return self.tool("psql", "-XAtqc", sql, database=database)

    def has_database(self, name: str) -> bool:
        return self.run_sql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "1"

    def base_template(self) -> str:
        """The name of the only base template, from what it says of itself."""
        names = self.run_sql(
            "SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE "
            "'{\"sluice\":%\"role\":\"base-template\"%'").split()
        if len(names) != 1:
            raise NotSeen(f"there should be one base template, not {len(names)}")
        return names[0]

    def _wait(self, what: str, look, step: float = 0.005):
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            if value := look():
                return value
            time.sleep(step)
        raise NotSeen(f"waited {self.patience:.0f} s for {what}, in vain")


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
