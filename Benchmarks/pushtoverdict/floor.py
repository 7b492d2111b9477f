"""The floor: what the same work costs with PostgreSQL's own programs and nothing else."""

import time
from dataclasses import dataclass
from pathlib import Path

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
    """A digest of tables, columns, defaults, constraints, indexes, rows and comments, and of how many changesets ran."""
    return world.run_sql(_FINGERPRINT, database=database)


_FINGERPRINT = """
WITH tables AS (
  SELECT c.oid, c.relname FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'databasechangelog%'
), facts(fact) AS (
  SELECT format('table %s %s', relname, obj_description(oid, 'pg_class')) FROM tables
  UNION ALL SELECT format('rows %s %s', relname,
    (xpath('//c/text()', query_to_xml('SELECT count(*) AS c FROM ' || oid::regclass, false, true, '')))[1]) FROM tables
  UNION ALL SELECT format('column %s %s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
    pg_get_expr(adbin, adrelid)) FROM tables t JOIN pg_attribute a ON attrelid = t.oid AND attnum > 0
    LEFT JOIN pg_attrdef ON adrelid = t.oid AND adnum = attnum
  UNION ALL SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(k.oid)) FROM tables t
    JOIN pg_constraint k ON conrelid = t.oid
  UNION ALL SELECT pg_get_indexdef(indexrelid) FROM tables t JOIN pg_index ON indrelid = t.oid
  UNION ALL SELECT format('changeset %s %s', id, exectype) FROM databasechangelog
)
SELECT count(*) || ' ' || md5(string_agg(fact, E'\\n' ORDER BY fact)) FROM facts
"""
