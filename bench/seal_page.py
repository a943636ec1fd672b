"""The section "Sealing" of docs/performance.md, from the results of bench/sealing."""

from page_parts import Bounds, find, number, table

HEAD = """## Sealing

CAdES B-B by `{command}` on {day}: {machine}, {minutes:.1f} minutes. {versions}. All of them sealed the same
documents with the same P-256 key of the same emulated appliance, through Signet's module, in turns and in changing order; at least
three rounds, medians with the lowest and highest round in brackets. A document lies in the page cache unless something else is
said. Signet's seals are on disk, with their names, before it says so; those of the others are not synced. OpenSSL verified
a seal of each.

- **pyHanko** is its CMS signer in a short program, since its command makes CAdES of PDF files only. **EU DSS** is a short program
  with its `Pkcs11SignatureToken`. **openssl cms** uses libp11's engine, and writes internal seals in indefinite lengths
  (`-stream`), its leanest way.
- **floor**: one `C_Sign`, reading and digesting the document, and writing as many bytes as durably as Signet does.
"""


def milliseconds(spread, scale=1.0):
    low, median, high = (scale * spread[part] for part in ("low", "median", "high"))
    form = ".1f" if median < 1000 else ".0f"
    return f"{median:{form}} ({low:{form}} to {high:{form}})"


def mib(size):
    if size >= 1024**3:
        return f"{size / 1024**3:g} GiB"
    return f"{size / 1024**2:g} MiB" if size >= 1024**2 else f"{size / 1024:g} KiB"


def peak(row):
    return number(row["peakKib"] / 1024, ".1f")


def median(rows, **wanted):
    row = find(rows, **wanted)
    return next(row[kind]["median"] for kind in ("seconds", "milliseconds", "perSecond") if kind in row)


def bounds(results):
    """What the project asks of seals."""
    found = Bounds()
    if "cold" in results:
        rows = results["cold"]["rows"]
        own = median(rows, who="Signet")
        for row in rows:
            if row["who"] not in ("Signet", "openssl cms"):
                found.at_least(f"cold start: {row['who']} / Signet", row["seconds"]["median"] / own, 10, ".1f")
    if "warm" in results:
        rows, size = results["warm"]["rows"], mib(results["warm"]["bytes"])
        for form in ("external", "internal"):
            found.at_most(f"warm, {size}, {form}: Signet / floor",
                          median(rows, who="Signet", form=form) / median(rows, who="floor", form=form), 1.15, ".2f")
    if "whole" in results:
        rows, size = results["whole"]["rows"], mib(results["whole"]["bytes"])
        for form in ("external", "internal"):
            found.at_most(f"{size}, {form}: Signet / (sha256sum + cp)",
                          median(rows, who="Signet", form=form) / median(rows, who="sha256sum + cp"), 1.3, ".2f")
    if "batch" in results:
        rows = results["batch"]["rows"]
        for own, module, what in (("Signet, the command", "the module alone, from its start", "from the start of the process"),
                                  ("Signet, running already", "the module alone, running already", "running already")):
            part = median(rows, who=own) / median(rows, who=module)
            found.at_least(f"batch, {what}: part of the module's rate", 100 * part, 95, ".1f", " %")
    if "large" in results:
        large = results["large"]
        size, beside = large["bytes"], large["beside"]
        found.at_most(f"{mib(size)}, external: time for a byte / that of {mib(beside)}", per_gib(large, size) / per_gib(large, beside),
                      1.1, ".2f")
        found.at_most(f"{mib(size)}, external: peak memory", find(large["rows"], who="Signet", bytes=size)["peakKib"] / 1024, 32,
                      ".1f", " MiB")
    return found.table()


def per_gib(large, size):
    """Seconds of Signet."""
    return median(large["rows"], who="Signet", bytes=size) / (size / 1024**3)


def cold_part(cold):
    own = median(cold["rows"], who="Signet")
    cells = [[row["who"], milliseconds(row["seconds"], 1e3), number(row["seconds"]["median"] / own, ".1f"), peak(row)]
             for row in cold["rows"]]
    return [f"### One document of {mib(cold['bytes'])}, from the start of the program to its end\n",
            table(["who", "time (ms)", "beside Signet", "peak memory (MiB)"], cells)]


def warm_part(warm):
    cells = []
    for row in warm["rows"]:
        ratio = row["milliseconds"]["median"] / median(warm["rows"], who="floor", form=row["form"])
        cells.append([row["form"], row["who"], milliseconds(row["milliseconds"]), number(ratio, ".2f")])
    return [f"### Documents of {mib(warm['bytes'])} in a process that is running already\n",
            f"One after the other, {warm['seals']} a turn; medians of the turns' medians.\n",
            table(["seal", "who", "time for one (ms)", "beside the floor"], sorted(cells, key=lambda cell: cell[0]))]


def whole_part(whole):
    copied = median(whole["rows"], who="sha256sum + cp")
    cells = [[row["form"], row["who"], milliseconds(row["seconds"], 1e3), number(row["seconds"]["median"] / copied, ".2f"),
              peak(row)] for row in sorted(whole["rows"], key=lambda row: row["form"])]
    return [f"### One document of {mib(whole['bytes'])}, one process\n",
            table(["seal", "who", "time (ms)", "beside sha256sum + cp", "peak memory (MiB)"], cells)]


def batch_part(batch):
    cells = []
    for row in batch["rows"]:
        rate = row["perSecond"]
        ends = "from its start" if "command" in row["who"] or "start" in row["who"] else "running already"
        part = 100 * rate["median"] / median(batch["rows"], who=f"the module alone, {ends}")
        cells.append([row["who"], f"{rate['median']:.0f} ({rate['low']:.0f} to {rate['high']:.0f})", number(part, ".1f") + " %"])
    return [f"### {batch['files']} documents of {mib(batch['bytes'])} over {batch['roundTrip']} ms, {batch['jobs']} at a time\n",
            "From the start: with loading, login and a handshake for each connection. The module alone writes no files; the floor shows what "
            "is left where each of its threads waits for its file to be on disk.\n",
            table(["who", "per second", "part of the module's rate"], cells)]


def large_part(large):
    cells = []
    for row in large["rows"]:
        each = row["seconds"]["median"] / (row["bytes"] / 1024**3)
        cells.append([mib(row["bytes"]), row["who"], milliseconds(row["seconds"], 1e3), number(each, ".2f"), peak(row)])
    return [f"### A document of {mib(large['bytes'])}, external\n",
            f"Full of holes, and {'in' if large['cached'] else 'not in'} the page cache.\n",
            table(["document", "who", "time (ms)", "seconds for a GiB", "peak memory (MiB)"], cells)]


PARTS = {"cold": cold_part, "warm": warm_part, "whole": whole_part, "batch": batch_part, "large": large_part}


def section(results):
    """Of those rows that were measured."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    parts = [HEAD.format(command=results["command"], day=results["day"], machine=results["machine"], minutes=results["minutes"],
                         versions=versions), bounds(results)]
    for row, part in PARTS.items():
        if row in results:
            parts += part(results[row])
    return "\n".join(parts)


def bars(results):
    """What is worth a picture: (title, [(who, value)])."""
    pictures = []
    if "cold" in results:
        pictures.append((f"{mib(results['cold']['bytes'])}, cold (ms)",
                         [(row["who"], 1e3 * row["seconds"]["median"]) for row in results["cold"]["rows"]]))
    if "warm" in results:
        pictures.append((f"{mib(results['warm']['bytes'])} internal, warm (ms)",
                         [(row["who"], row["milliseconds"]["median"]) for row in results["warm"]["rows"] if row["form"] == "internal"]))
    if "whole" in results:
        inside = [row for row in results["whole"]["rows"] if row["form"] != "external"]
        title = f"{mib(results['whole']['bytes'])} internal"
        pictures.append((f"{title} (ms)", [(row["who"], 1e3 * row["seconds"]["median"]) for row in inside]))
        pictures.append((f"{title}, peak memory (MiB)", [(row["who"], row["peakKib"] / 1024) for row in inside]))
    return pictures
