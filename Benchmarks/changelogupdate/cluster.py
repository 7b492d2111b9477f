"""A PostgreSQL cluster for the time of the benchmark, reached by nobody else."""

import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path


class Cluster:
    """Made from the system's binaries, with default settings, `fsync` on unless asked otherwise."""

    def __init__(self, root: Path, binaries: str, account: str, fsync: bool):
        self.root, self.binaries, self.fsync = root, Path(binaries), fsync
        self.data, self.password = root / "cluster", secrets.token_hex(16)
        # initdb refuses to run as root.
        self.account = {"user": account, "group": account, "extra_groups": []} if os.geteuid() == 0 else {}
        self.port = _free_port()

    def start(self):
        """Makes the cluster and starts it."""
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700)
            if self.account:
                shutil.chown(folder, self.account["user"], self.account["group"])
        self._run("initdb", "-D", self.data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                  "--no-sync", "--no-instructions")
        (self.data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        with open(self.data / "postgresql.auto.conf", "a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.socket}'\n"
                f"unix_socket_permissions = 0700\nfsync = {'on' if self.fsync else 'off'}\n"
                "max_locks_per_transaction = 1024\n")
        self._run("pg_ctl", "-D", self.data, "-l", self.data / "server.log", "-w", "start")
        self.sql(f"ALTER ROLE bench PASSWORD '{self.password}'")

    def stop(self):
        """Ends the server; the files go with the directory around them."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    @property
    def socket(self) -> Path:
        return self.root / "socket"

    @property
    def psql(self) -> list[str]:
        """psql itself, and not the wrapper that Debian has in the path."""
        return [str(self.binaries / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1"]

    def environment(self, database: str) -> dict:
        """What psql needs to know."""
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PGHOST": str(self.socket), "PGPORT": str(self.port),
                "PGUSER": "bench", "PGDATABASE": database}

    def url(self, database: str) -> str:
        return f"postgresql://bench@/{database}?host={self.socket}&port={self.port}"

    def sql(self, text: str, database: str = "postgres") -> str:
        done = subprocess.run(
            [*self.psql, "-Atc", text], env=self.environment(database), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"psql failed: {done.stderr}")
        return done.stdout.strip()

    def renew(self, database: str):
        """An empty database; nothing of what was written before waits for the disk any more."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}"')
        self.sql(f'CREATE DATABASE "{database}"')
        self.sql("CHECKPOINT")

    def _run(self, name: str, *arguments):
        done = subprocess.run(
            [self.binaries / name, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, cwd=self.data, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **self.account)
        if done.returncode != 0:
            raise SystemExit(f"{name} failed: {done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
