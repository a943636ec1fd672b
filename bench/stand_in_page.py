"""The section of docs/performance.md about the module's own cost: beside an appliance that takes as little time as possible."""

from page_parts import find, number, table

WORDS = """The emulated appliance above takes its time, which hides what a client costs. Here stands a program that only signs:
TLS 1.3, keys in memory, a thread for each connection, no journal. The **raw request** is sent by OpenSSL on a socket, with one write
and one read. No round trip is added.
"""

# Signet / raw request with a verification, by key and threads.
GOALS = {"P-256": {1: 1.12, 8: 1.20, 64: 1.20}, "RSA-2048": {1: 1.06, 8: 1.10, 64: 1.15}}
MOST_PROCESSOR_TIME = 85  # µs of a P-256 signature, 8 threads


def p50(row):
    return row["microseconds"]["p50"]


def each(rows):
    """(key, threads, Signet's row, the others' rows by name)"""
    for row in rows:
        if row["who"] == "Signet":
            same = {"key": row["key"], "threads": row["threads"]}
            yield row["key"], row["threads"], row, {
                name: find(rows, who=name, **same)
                for name in ("bare request, verified", "raw request, verified", "raw request")}


def add_bounds(rows, found):
    for key, threads, own, others in each(rows):
        if threads in GOALS.get(key, {}):
            found.at_most(f"{key}, stand-in, {threads} threads: Signet / (raw request + verification)",
                          p50(own) / p50(others["raw request, verified"]), GOALS[key][threads], ".2f")
        if key == "P-256" and threads == 8:
            found.at_most("P-256, stand-in, 8 threads: processor time of a signature",
                          own["processorMicrosecondsPerSignature"]["driver"], MOST_PROCESSOR_TIME, ".0f", " µs")


def section(rows):
    cells = []
    for key, threads, own, others in each(rows):
        verified, bare = others["raw request, verified"], others["bare request, verified"]
        cells.append([key, threads, number(own["perSecond"]), number(p50(own)), number(p50(bare)), number(p50(verified)),
                      number(p50(others["raw request"])), number(p50(own) / p50(verified), ".2f"),
                      *(number(row["processorMicrosecondsPerSignature"]["driver"]) for row in (own, bare, verified))])
    return "\n".join([
        "## Beside an appliance that costs nothing\n", WORDS,
        table(["key", "threads", "Signet per second", "Signet p50 (µs)", "bare, verified (µs)", "raw, verified (µs)", "raw (µs)",
               "Signet / raw, verified", "processor time: Signet (µs)", "bare, verified", "raw, verified"], cells)])
