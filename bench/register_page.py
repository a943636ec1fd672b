"""docs/performance-register.md with its plot, from the results of bench/register."""
import json

from page_parts import Bounds, table

HEAD = """# Performance of the seal server

By `{command}` on {day}: {machine}, {database}, {minutes:.0f} minutes, with the clients on the same machine; load average
before: {load:.1f}. Do not compare figures of different machines.

- A **transaction** is one request: it opens a seal and tells how the one before has ended. Both events are durable, in the tree and
  in its checkpoint, before the answer.
- An **empty answer** is that of `GET /healthz` by the same server on another open connection, in turns with the transactions.
- **Searches** are calls of the contract, {searches} of each kind, for seals anywhere in the register; **pages** are those of an
  auditor at the web pages, from the request to the last byte of the page.
- The register is filled by the server's own code; each seal has two events.
"""


def largest(results):
    return results["sizes"][-1]


def bounds(results):
    """What the project asks of the server's operation, with its largest register."""
    end, found = largest(results), Bounds()
    among = f"among {end['seals']:,} seals"
    clients = f"{results['clients']} clients, {end['seals']:,} seals"
    found.at_least(f"transactions opened and ended, durable: {clients}", end["transactions"]["transactions_per_second"], 1500, ",.0f", "/s")
    found.at_most(f"the same: p99, {clients}", end["transactions"]["p99_ms"], 60, ".1f", " ms")
    alone = end["alone"]
    found.at_most("one transaction alone / an empty answer, medians", alone["transaction"]["p50_ms"] / alone["empty"]["p50_ms"], 2, ".2f")
    for what in ("digest", "reference", "date"):
        found.at_most(f"search by {what} {among}: p99", end["search"][what]["p99_ms"], 50, ".2f", " ms")
    for what, words in (("part", "page: search by a part of a reference"), ("newest", "page: the newest, page after page")):
        found.at_most(f"{words}, {among}: p99", end["pages"][what]["p99_ms"], 50, ".1f", " ms")
    audit = end["audit"]
    found.at_most(f"audit verify, for each 10,000,000 of {audit['events']:,} events", audit["seconds"] / audit["events"] * 1e7, 60, ".1f", " s")
    memory = results["memory"]
    found.at_most(f"resident memory with {memory['connections']:,} open connections", memory["resident_mib"], 200, ".0f", " MiB")
    return found.table()


def milliseconds(row):
    return f"{row['p50_ms']:.2f}, {row['p99_ms']:.2f}"


def growth(results):
    rows = []
    for at in results["sizes"]:
        audit, load = at["audit"], at["transactions"]
        rows.append([f"{at['seals']:,}", f"{at['bytes'] / 1e9:.2f}" if "bytes" in at else "", f"{at['load_average']:.1f}",
                     f"{load['transactions_per_second']:,.0f}", milliseconds(load), milliseconds(at["alone"]["transaction"]),
                     milliseconds(at["alone"]["empty"]), f"{load['processor_us']:.0f}", f"{audit['seconds']:.1f}",
                     f"{audit['processor_seconds'] / audit['events'] * 1e6:.1f}", f"{at['filled_per_second']:,.0f}"])
    return table(["seals", "GB", "load average", "transactions/s", "ms", "alone (ms)", "empty answer (ms)",
                  "server's processor time for a transaction (µs)", "audit (s)", "its processor time for an event (µs)",
                  "events/s when filled"], rows)


def searches(results):
    kinds = [("search", what) for what in largest(results)["search"]] + [("pages", what) for what in largest(results)["pages"]]
    words = {"search": "search by {}", "pages": "page: {}"}
    return table(["seals", *(words[part].format(what) for part, what in kinds)],
                 [[f"{at['seals']:,}", *(milliseconds(at[part][what]) for part, what in kinds)] for at in results["sizes"]])


def section(results):
    head = {name: results[name] for name in ("command", "day", "machine", "database", "minutes", "load")}
    parts = [HEAD.format(searches=largest(results)["search"]["digest"]["count"], **head), bounds(results),
             "## By the size of the register\n", "Milliseconds are p50 and p99.\n", growth(results), searches(results)]
    return "\n".join(parts)


LINES = [("transaction alone", lambda at: at["alone"]["transaction"]), ("empty answer", lambda at: at["alone"]["empty"]),
         ("search by digest", lambda at: at["search"]["digest"]), ("search by reference", lambda at: at["search"]["reference"]),
         ("search by date", lambda at: at["search"]["date"]), ("page: by digest", lambda at: at["pages"]["digest"]),
         ("page: part of a reference", lambda at: at["pages"]["part"]), ("page: list", lambda at: at["pages"]["newest"])]


def plot(results, file):
    import matplotlib  # the tests do without

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "signet"
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    seals = [at["seals"] for at in results["sizes"]]
    for words, row in LINES:
        left.plot(seals, [row(at)["p50_ms"] for at in results["sizes"]], marker="o", label=words)
    left.set(xscale="log", xlabel="seals in the register", ylabel="median (ms)", ylim=(0, None))
    left.legend(fontsize=7)
    right.plot(seals, [at["transactions"]["transactions_per_second"] for at in results["sizes"]], marker="o", label="transactions a second")
    right.plot(seals, [at["audit"]["events"] / at["audit"]["seconds"] / 100 for at in results["sizes"]], marker="o",
               label="audited events a second / 100")
    right.set(xscale="log", xlabel="seals in the register", ylim=(0, None))
    right.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def write_page(results, folder):
    plot(results, folder / "performance-register.svg")
    (folder / "performance-register.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    picture = "![median times and rates by the size of the register](performance-register.svg)\n"
    (folder / "performance-register.md").write_text(section(results) + "\n" + picture, encoding="utf-8")
