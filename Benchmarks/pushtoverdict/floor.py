"""The floor: what the same work costs with PostgreSQL's own programs and nothing else."""

import time
from dataclasses import dataclass
from pathlib import Path

from workload.fingerprint import FINGERPRINT

from .world import REFERENCE, NotSeen, World


@dataclass(frozen=True)
class FloorTime:
    """What the floor took, in seconds: all of it, `createdb` alone and `psql` alone."""

    total: float
    clone: float
    deploy: float


class Floor:
    """Clones with `createdb` and deploys with one `psql` process, on the server that the controller uses."""

    def __init__(self, world: World, master: str, candidates: dict[int, str]):
        self.world = world
        self.master = self._script("master", master)
        self.candidates = {size: self._script(f"candidate-{size}", text) for size, text in candidates.items()}

    def warm(self, size: int, template: str, expected: str) -> FloorTime:
        """A clone of `template` and a candidate's changesets."""
        taken = self._deploy("bench-floor", template, self.candidates[size])
        self._check(expected)
        return taken

    def cold(self, size: int, expected: str) -> FloorTime:
        """The same when master has to be deployed first."""
        base = self._deploy("bench-floor-base", REFERENCE, self.master)
        candidate = self._deploy("bench-floor", "bench-floor-base", self.candidates[size])
        self._check(expected)
        self.world.tool("dropdb", "bench-floor-base")
        return FloorTime(
            base.total + candidate.total, base.clone + candidate.clone, base.deploy + candidate.deploy)

    def _deploy(self, database: str, template: str, script: Path) -> FloorTime:
        start = time.perf_counter()
        self.world.tool("createdb", "-T", template, database)
        cloned = time.perf_counter()
        self.world.tool("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", script, database=database)
        end = time.perf_counter()
        return FloorTime(end - start, cloned - start, end - cloned)

    def _check(self, expected: str):
        """Both sides must have made the same database."""
        if fingerprint(self.world, "bench-floor") != expected:
            raise NotSeen("the floor made another database than the controller: the comparison would be void")
        self.world.tool("dropdb", "bench-floor")

    def _script(self, name: str, text: str) -> Path:
        path = self.world.root / f"{name}.sql"
        path.write_text(text)
        return path


def fingerprint(world: World, database: str) -> str:
    """What the database holds, as one line."""
    return world.run_sql(FINGERPRINT, database=database)
