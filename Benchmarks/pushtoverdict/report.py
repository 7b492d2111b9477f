"""What is printed."""

import json
from dataclasses import dataclass, field
from statistics import median

from .floor import FloorTime
from .world import Push


@dataclass
class Samples:
    """The measurements of one size, in seconds."""

    cold: list[Push] = field(default_factory=list)
    warm: list[Push] = field(default_factory=list)
    cold_floor: list[FloorTime] = field(default_factory=list)
    warm_floor: list[FloorTime] = field(default_factory=list)


def table(samples: dict[int, Samples]) -> list[str]:
    """Push to verdict beside the floor, warm and cold."""
    lines = ["", "push → verdict, median (min–max) in ms; floor: createdb -T + psql", ""]
    lines.append(
        f"{'changesets':>10} {'base':>5} {'runs':>4}  {'floor':>22} {'sluice':>22}  {'ratio':>5} {'minus floor':>11}"
        f" {'goal':>8}  met")
    for size, measured in samples.items():
        for base, pushes, floor in (
            ("warm", measured.warm, measured.warm_floor), ("cold", measured.cold, measured.cold_floor)
        ):
            if not pushes or not floor:
                continue
            totals = [one.total for one in floor]
            ours, theirs = median(push.verdict for push in pushes), median(totals)
            goal = 1.3 * theirs + 0.050
            line = (
                f"{size:>10} {base:>5} {len(pushes):>4}  {_spread(totals):>22} "
                f"{_spread([push.verdict for push in pushes]):>22}  {ours / theirs:>5.2f} {(ours - theirs) * 1000:>11.1f}")
            if base == "warm":
                line += f" {goal * 1000:>8.1f}  {'yes' if ours <= goal else 'no'}"
            lines.append(line)
    return lines


def breakdown(samples: dict[int, Samples]) -> list[str]:
    """Where the time of a candidate goes, medians of the warm and the cold pushes."""
    lines = ["", "where the time goes, medians in ms"]
    for size, measured in samples.items():
        for base, pushes, floor in (
            ("warm", measured.warm, measured.warm_floor), ("cold", measured.cold, measured.cold_floor)
        ):
            if not pushes or not floor:
                continue
            lines += ["", f"{size} changesets, {base}"]
            lines.append(_line("floor: createdb", [one.clone for one in floor], ""))
            lines.append(_line("floor: psql", [one.deploy for one in floor], ""))
            lines.append(_line("git push returned", [push.command for push in pushes], "from the start of git push"))
            lines.append(_line("run began", [push.arrival for push in pushes], "push, hook, sweep, claim, observation"))
            for position, task in enumerate(pushes[0].tasks):
                taken = [push.tasks[position]["seconds"] or 0 for push in pushes if position < len(push.tasks)]
                lines.append(_line("  " + task["action"], taken, task["status"]))
            last = [push.run["seconds"] - sum(task["seconds"] or 0 for task in push.tasks) for push in pushes]
            lines.append(_line("  between the tasks", last, "keeping the history"))
            lines.append(_line("verdict seen", [push.verdict for push in pushes], "from the start of git push"))
            lines.append(_line("run ended", [push.verdict + push.rest for push in pushes], ""))
    return lines


def notifications(seconds: list[float]) -> list[str]:
    """What the hook's command costs by itself; it is a part of what lies between the push and the run."""
    return ["", _line("sluice notify by itself", seconds, "process start, request, answer")]


def document(samples: dict[int, Samples]) -> str:
    """All measurements as JSON."""
    return json.dumps({
        str(size): {
            "warm": [push.verdict for push in measured.warm], "warmFloor": [one.total for one in measured.warm_floor],
            "cold": [push.verdict for push in measured.cold], "coldFloor": [one.total for one in measured.cold_floor],
        } for size, measured in samples.items()
    }, indent=2)


def _line(name: str, seconds: list[float], remark: str) -> str:
    return f"  {name:<26} {median(seconds) * 1000:>9.1f}   {remark}".rstrip()


def _spread(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.1f} ({min(seconds) * 1000:.0f}–{max(seconds) * 1000:.0f})"
