"""What is printed."""

import json
from dataclasses import asdict
from statistics import median

START = 0.025
FACTOR = 1.2
# How many times faster than the JVM, from so many changesets on.
FASTER = {1: 25, 10: 25, 100: 7, 1000: 3.5}
PEAK = {1000: 60}


def table(samples: dict, sizes: list[int], runs: str) -> list[str]:
    """One line a size and side: `samples[size][side]` are costs."""
    lines = [
        f"{'changesets':>10} {runs:<10} {'runs':>4}  {'wall, median (min–max) in ms':>30} {'cpu':>8} {'peak MB':>8} "
        f"{'× psql':>7} {'goal ms':>8} {'met':>4} {'× faster':>9} {'goal':>5}"]
    for size in sizes:
        sides = samples.get(size, {})
        for side in ("psql", "sluice", "liquibase"):
            if costs := sides.get(side):
                lines.append(_line(size, side, costs, sides, is_cold=runs == "cold"))
    return lines


def _line(size: int, side: str, costs: list, sides: dict, is_cold: bool) -> str:
    wall = _wall(costs)
    times = [cost.wall * 1000 for cost in costs]
    spread = f"{wall * 1000:.1f} ({min(times):.0f}–{max(times):.0f})"
    line = (
        f"{size:>10} {side:<10} {len(costs):>4}  {spread:>30} {median(cost.cpu for cost in costs) * 1000:>8.0f} "
        f"{max(cost.peak for cost in costs):>8.1f}")
    if side == "psql" or not sides.get("psql"):
        return line
    floor = _wall(sides["psql"])
    line += f" {wall / floor:>7.2f}"
    if side != "sluice":
        return line
    goal = FACTOR * floor + START if is_cold else 1.0
    line += f" {goal * 1000:>8.1f} {'yes' if wall <= goal else 'no':>4}"
    if peer := sides.get("liquibase"):
        wanted = FASTER.get(size) if is_cold else 30 if size == 1000 else None
        line += f" {_wall(peer) / wall:>9.1f} {wanted or '':>5}"
    return line


def _wall(costs: list) -> float:
    return median(cost.wall for cost in costs)


def document(samples: dict) -> str:
    """All measurements as JSON."""
    return json.dumps(
        {kind: {str(size): {side: [asdict(cost) for cost in costs] for side, costs in sides.items()}
                for size, sides in sizes.items()} for kind, sizes in samples.items()}, indent=2)
