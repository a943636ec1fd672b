"""The section "Validating" of docs/performance.md, from the results of bench/validating."""

from page_parts import Bounds, find, number, table
from seal_page import measured, mib, milliseconds, peak

HEAD = """## Validating

By `{command}` on {day}: {machine}, {minutes:.1f} minutes. {versions}. All of them judged the same documents,
with the same anchors and revocation data, without a network, in turns and in changing order; at least three rounds, medians with the
lowest and highest round in brackets.

- **Signet** is `signet verify --json`, and in one running process its library: from the document's bytes to the verdict.
- **EU DSS** has no command: a short program, with its default policy and the built-in suite of algorithms.
- **pyHanko** is its implementation of EN 319 102-1 in a short program, which starts faster than its command.
- **pdfsig** judges everything at the present, without revocation data.
"""


def bounds(results):
    """What the project asks of a validation."""
    found = Bounds()
    if "cold" in results:
        rows = measured(results["cold"]["rows"])
        own = find(rows, who="Signet")["seconds"]["median"]
        found.at_most("B-LTA with four time-stamps, as a command", 1e3 * own, 60, ".1f", " ms")
        for who, bound in (("EU DSS", 50), ("pyHanko", 10)):
            for row in rows:
                if row["who"] == who:
                    found.at_least(f"the same: {who} / Signet", row["seconds"]["median"] / own, bound, ".1f")
    if "warm" in results:
        own = find(results["warm"]["rows"], who="Signet")
        found.at_most("the same, in a running process", own["milliseconds"]["median"], 15, ".1f", " ms")
    if "large" in results:
        rows, size = results["large"]["rows"], mib(results["large"]["bytes"])
        for seals in sorted({row["seals"] for row in rows}):
            own, digest = (find(rows, who=who, seals=seals)["seconds"]["median"] for who in ("Signet", "sha256sum"))
            found.at_most(f"{size} with {counted(seals)}: Signet / sha256sum, per seal", own / digest / seals, 1.2, ".2f")
    return found.table()


def counted(seals):
    return "1 seal" if seals == 1 else f"{seals} seals"


def line(row, own):
    """[time, processor time, beside Signet, memory, verdict], or why there is none."""
    if "failed" in row:
        return [f"failed: {row['failed']}", "", "", "", ""]
    return [milliseconds(row["seconds"], 1e3), number(1e3 * row["processorSeconds"]["median"], ".1f"),
            number(row["seconds"]["median"] / own, ".1f"), peak(row), row["says"]]


COLUMNS = ["time (ms)", "processor time (ms)", "beside Signet", "peak memory (MiB)", "verdict"]


def cold_part(cold):
    own = find(cold["rows"], who="Signet")["seconds"]["median"]
    return [f"### PAdES-B-LTA with four time-stamps, from the start of the program to the verdict\n\n{cold['bytes']:,} bytes.\n",
            table(["who", *COLUMNS], [[row["who"], *line(row, own)] for row in cold["rows"]])]


def warm_part(warm):
    own = find(warm["rows"], who="Signet")["milliseconds"]["median"]
    cells = [[row["who"], milliseconds(row["milliseconds"]), milliseconds(row["processorMilliseconds"]),
              number(row["milliseconds"]["median"] / own, ".1f"), row["says"]] for row in warm["rows"]]
    return [f"### The same document in one process that is running already\n\n{warm['times']} verdicts a turn; medians of the turns' medians.\n",
            table(["who", "time (ms)", "processor time (ms)", "beside Signet", "verdict"], cells)]


def large_part(large):
    cells = []
    for row in large["rows"]:
        own = find(large["rows"], who="Signet", seals=row["seals"])["seconds"]["median"]
        cells.append([row["seals"], row["who"], *line(row, own)])
    return [f"### A document of {mib(large['bytes'])}\n\nPAdES-B-B, in the page cache.\n", table(["seals", "who", *COLUMNS], cells)]


PARTS = {"cold": cold_part, "warm": warm_part, "large": large_part}


def section(results):
    """Of those rows that were measured."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    head = {name: results[name] for name in ("command", "day", "machine", "minutes")}
    parts = [HEAD.format(versions=versions, **head), bounds(results)]
    for row, part in PARTS.items():
        if row in results:
            parts += part(results[row])
    return "\n".join(parts)
