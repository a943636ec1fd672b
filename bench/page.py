"""docs/performance.md with its plots, from the results of one run."""

import json

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "signet"
import matplotlib.pyplot as plt  # noqa: E402

HEAD = """# Performance

One run of `{command}` on {machine}, with the emulated appliance, the driver and the module on the same machine. All of a
table was measured in the same run; figures of different machines say nothing about each other. What the appliance itself
takes is in every line: the "bare request" is the very same HTTPS request, sent by libcurl over a kept-open connection, and
one verification of its signature by OpenSSL, which is the least that a checked remote signature can cost. It also is what
the emulator can serve: beside it, a larger figure of ours is the network's and the processors' noise.

Times are medians unless said otherwise. The counts in `bench/counts` (requests, handshakes, instructions, allocations) are
part of the tests; times are not.
"""


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(["---"] * len(header)) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def signatures_table(rows):
    cells = []
    for row in rows:
        times = row["microseconds"]
        cells.append([row["key"], row["roundTrip"], row["threads"], row["who"], f"{row['perSecond']:.0f}", f"{times['p50']:.0f}",
                      f"{times['p95']:.0f}", f"{times['p99']:.0f}", f"{times['p99.9']:.0f}", row["requests"], row["handshakes"]])
    return table(["key", "round trip added (ms)", "threads", "who", "per second", "p50 (µs)", "p95", "p99", "p99.9", "requests",
                  "handshakes"], cells)


def find(rows, **wanted):
    return next((row for row in rows if all(row[name] == value for name, value in wanted.items())), None)


def ratios(rows):
    cells = []
    for row in rows:
        if row["who"] != "Signet" or row["threads"] != 1:
            continue
        floor = find(rows, who="bare request", key=row["key"], threads=1, roundTrip=row["roundTrip"])
        ratio = row["microseconds"]["p50"] / floor["microseconds"]["p50"]
        cells.append([row["key"], row["roundTrip"], f"{row['microseconds']['p50']:.0f}", f"{floor['microseconds']['p50']:.0f}",
                      f"{ratio:.3f}"])
    return table(["key", "round trip added (ms)", "Signet p50 (µs)", "bare request p50 (µs)", "ratio"], cells)


def scaling(rows):
    cells = []
    for who, threads in (("Signet", 64), ("bare request", 64), ("Signet, 4 connections", 64), ("bare request", 4)):
        row = find(rows, who=who, threads=threads, roundTrip=50, key="P-256")
        cells.append([who, threads, f"{row['perSecond']:.0f}", row["requests"], row["signatures"]])
    return table(["who", "threads", "signatures per second", "requests", "signatures"], cells)


def instructions_table(groups):
    total = sum(count for group, count in groups.items() if group != "allocations")
    cells = [[group, count, f"{100 * count / total:.1f} %"] for group, count in groups.items() if group != "allocations"]
    return table(["whose", "instructions", "part"], cells) + f"\nAllocations of one signature: {groups['allocations']}.\n"


def start_table(start):
    cells = [[name, f"{row['loadMilliseconds']:.1f}", row["loadResidentKib"], f"{row['initializeMilliseconds']:.1f}"]
             for name, row in (("alive", start["alive"]), ("dead", start["dead"]))]
    return table(["appliance", "dlopen (ms)", "resident memory added by dlopen (KiB)", "C_Initialize (ms)"], cells)


def large_table(large):
    return table(["keys with certificates", "login and first listing (ms)", "find by label (µs)", "find by id (µs)",
                  "resident memory of the process (KiB)", "requests"],
                 [[large["keys"], f"{large['loginMilliseconds']:.0f}", f"{large['findByLabelMicroseconds']:.1f}",
                   f"{large['findByIdMicroseconds']:.1f}", large["residentKibAfter"], large["requests"]]])


def micro_table(benchmarks):
    cells = []
    for row in benchmarks:
        speed = f"{row['bytes_per_second'] / 1e6:.0f} MB/s" if "bytes_per_second" in row else ""
        cells.append([row["name"], f"{row['real_time']:.2f} {row['time_unit']}", speed])
    return table(["what", "time", "speed"], cells)


def plot(rows, folder):
    names = ["bare request", "Signet", "SoftHSMv2", "SoftHSMv2, p11-kit remoting"]
    figure, axes = plt.subplots(figsize=(7, 4))
    for name in names:
        points = sorted((row["threads"], row["perSecond"]) for row in rows
                        if row["who"] == name and row["key"] == "P-256" and row["roundTrip"] == 0)
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    axes.set(xlabel="threads", ylabel="signatures per second", xscale="log", yscale="log", title="P-256, no delay added")
    axes.set_xticks([1, 8, 64], ["1", "8", "64"])
    axes.legend()
    save(figure, folder / "performance-threads.svg")

    figure, axes = plt.subplots(figsize=(7, 4))
    for name in names[:2]:
        points = sorted((row["roundTrip"], row["microseconds"]["p50"] / 1000) for row in rows
                        if row["who"] == name and row["key"] == "P-256" and row["threads"] == 1)
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    axes.set(xlabel="round trip added (ms)", ylabel="median of a signature (ms)", title="P-256, one thread")
    axes.legend()
    save(figure, folder / "performance-round-trip.svg")


def save(figure, file):
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def write_page(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "performance.json").write_text(json.dumps(results, indent=1) + "\n")
    plot(results["rows"], folder)
    rows = results["rows"]
    long_run = results["longRun"]
    parts = [
        HEAD.format(command=results["command"], machine=results["machine"]),
        "## Beside the bare request, one thread\n", ratios(rows),
        "![signatures per second by threads](performance-threads.svg)\n",
        "![median by round trip](performance-round-trip.svg)\n",
        "## 64 threads over a link of 50 ms\n",
        "With fewer connections than threads, signatures that wait for the same key travel together.\n", scaling(rows),
        "## Instructions of one warm signature (P-256)\n", instructions_table(results["instructions"]),
        "## Starting\n", start_table(results["start"]),
        "## A large token\n", large_table(results["large"]),
        "## Memory over time\n",
        f"Resident after 1,000 signatures: {long_run['after1000']} KiB; after {long_run['signatures']}: {long_run['after']} KiB.\n",
        "## Pieces\n", micro_table(results["micro"]),
        "## Everything measured\n", signatures_table(rows),
    ]
    (folder / "performance.md").write_text("\n".join(parts))
