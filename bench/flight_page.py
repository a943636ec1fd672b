"""The section of docs/performance.md about many signatures in flight from one thread."""

from page_parts import Bounds, number, table

HEAD = """## Many signatures in flight from one thread

`{command}` on {machine}, {day}, {minutes:.0f} minutes: P-256 signatures over a link of {roundTrip} ms with {connections}
connections. *In flight*: one thread with so many asynchronous sessions (PKCS#11 3.2) that starts a signature in each and asks
`C_AsyncComplete` in turn; *threads*: so many threads that wait in `C_Sign`. Each figure is the median of {rounds} rounds in turns. Processor
time is that of the signing process, TLS and the check of each signature included.
"""


def name_of(row):
    return f"{row['number']} {'threads' if row['threads'] else 'in flight'}" if row["number"] > 1 else "1 thread"


def bounds(rows):
    found = Bounds()
    flight = rows["flight"]
    found.at_least("256 in flight: part of what 256 threads reach", 100 * flight["perSecond"] / rows["threads256"]["perSecond"], 90,
                   ".1f", " %")
    found.at_least("256 in flight / 1 thread", flight["perSecond"] / rows["one"]["perSecond"], 100, ".0f")
    found.at_most("processor time of a signature: 256 in flight / 64 threads",
                  flight["processorMicroseconds"] / rows["threads64"]["processorMicroseconds"], 0.8, ".2f")
    polls = rows["thousand"].get("pendingPollMicroseconds")
    if polls:
        found.at_most("C_AsyncComplete that answers CKR_PENDING, 1,000 in flight: median", polls["p50"], 5, ".2f", " µs")
    return found.table()


def section(results):
    """Of one run."""
    rows = results["rows"]
    cells = []
    for row in rows.values():
        polls = row.get("pendingPollMicroseconds", {})
        memory = row.get("residentKib", [None, None])
        cells.append([name_of(row), row["signatures"], number(row["perSecond"]), number(row["processorMicroseconds"]),
                      *(number(polls.get(part), ".2f") for part in ("p50", "p99")),
                      *(number(value) for value in row.get("descriptors", [None, None])), *(number(value) for value in memory)])
    return "\n".join([
        HEAD.format(**results), bounds(rows),
        table(["who", "signatures", "per second", "processor time per signature (µs)", "CKR_PENDING p50 (µs)", "p99",
               "descriptors after the first round", "at the end", "resident memory (KiB) then", "at the end"], cells)])
