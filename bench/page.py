"""docs/performance.md with its plots, from the results of one run."""

import json

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "signet"
import matplotlib.pyplot as plt  # noqa: E402
from page_parts import Bounds, find, number, table  # noqa: E402
from seal_page import bars, section  # noqa: E402
from stand_in_page import add_bounds  # noqa: E402
from stand_in_page import section as stand_in_section  # noqa: E402
from validate_page import section as validating_section  # noqa: E402

HEAD = """# Performance

One run of `{command}` on {machine}, {minutes:.0f} minutes long, with the emulated appliance, the driver and the module on the
same machine. Do not compare figures of different machines.

- **bare request**: the same HTTPS request, sent by libcurl alone over a kept-open connection. Its rate is also the
  *capacity*: the maximum that the emulated appliance and this machine reach with the same number of threads.
- **bare request, verified**: that, and one verification of the signature by OpenSSL: the least that a checked remote
  signature can cost.
- **Signet**: `C_SignInit` and `C_Sign`, which verify each signature before they return it.
{raw}
They took turns in one process, in changing order: with one thread {turn} signatures each, with more a quarter of a
second or longer, so that other load of the machine affected them equally. TLS of all connections: {ciphers}. Times
are medians over all turns, rates the median of the turns' rates. The counts of `bench/counts` (requests, handshakes,
instructions, allocations, copies) are part of the tests; times are not.
"""

RAW = """- **raw request**: the same request by OpenSSL alone, with one write and one read.
"""


def signatures_table(rows):
    cells = []
    for row in rows:
        times = row["microseconds"]
        cells.append([row["key"], row["roundTrip"], row["threads"], row["who"], number(row["perSecond"]), number(row["capacity"]),
                      *(number(times[name]) for name in ("p50", "p95", "p99", "p99.9")), number(row.get("serviceMicroseconds"))])
    return table(["key", "round trip added (ms)", "threads", "who", "per second", "capacity", "p50 (µs)", "p95", "p99", "p99.9",
                  "service time (µs)"], cells)


def p50(rows, who, key, round_trip, threads=1):
    return find(rows, who=who, key=key, roundTrip=round_trip, threads=threads)["microseconds"]["p50"]


def singles(rows):
    return [row for row in rows if row["who"] == "Signet" and row["threads"] == 1]


def ratios(rows):
    cells = []
    for row in singles(rows):
        own = row["microseconds"]["p50"]
        verified = p50(rows, "bare request, verified", row["key"], row["roundTrip"])
        bare = p50(rows, "bare request", row["key"], row["roundTrip"])
        cells.append([row["key"], row["roundTrip"], number(own), number(verified), number(bare), number(own / verified, ".3f"),
                      number(own / bare, ".3f"), number(row["serviceMicroseconds"])])
    return table(["key", "round trip added (ms)", "Signet p50 (µs)", "bare, verified (µs)", "bare (µs)", "Signet / bare, verified",
                  "Signet / bare", "service time (µs)"], cells)


def ceiling(row, round_trip):
    """Signatures per second of threads that only wait for the link and the appliance."""
    return row["threads"] / (round_trip / 1e3 + row["serviceMicroseconds"] / 1e6)


def scaling_table(scaling):
    cells = []
    for name in ("prompt", "slow"):
        for row in scaling[name].values():
            most = ceiling(row, 50)
            busy = row["processorMicrosecondsPerSignature"]
            cells.append(["as it is" if name == "prompt" else f"{scaling['slowMilliseconds']} ms longer", row["who"],
                          number(row["perSecond"]), number(row["serviceMicroseconds"] / 1e3, ".2f"), number(most),
                          number(100 * row["perSecond"] / most, ".1f") + " %",
                          *(number(busy[part]) for part in ("driver", "emulator", "link")),
                          number(100 * row["processorsBusy"]) + " %"])
    return table(["the appliance's signature", "who", "per second", "service time (ms)", "64 / (round trip + service time)", "reached",
                  "processor time of the driver per signature (µs)", "of the emulator (µs)", "of the link (µs)", "processors busy"],
                 cells)


def scaling_words(scaling):
    """Whether the machine is the limit, from what the bare request itself reaches."""
    words = []
    for name, what in (("prompt", "With the appliance as it is"), ("slow", "With signatures that take longer but no processor")):
        signet, bare = scaling[name]["module"], scaling[name]["bare"]
        reached = signet["perSecond"] / ceiling(signet, 50)
        words.append(f"{what} Signet reaches {100 * reached:.1f} % of the maximum for 64 threads, and "
                     f"{100 * signet['perSecond'] / bare['perSecond']:.1f} % of the bare request's rate.")
        if reached < 0.95 and signet["processorsBusy"] > 0.8:
            each = sum(signet["processorMicrosecondsPerSignature"].values())
            words.append(f"There the machine is the limit: {each:.0f} µs of processor time per signature in all processes keep its "
                         f"processors {100 * signet['processorsBusy']:.0f} % busy.")
    return " ".join(words) + "\n"


def gathering_table(gathering):
    cells = [[row["who"], row["threads"], number(row["perSecond"]), row["requests"], row["signatures"]] for row in gathering.values()]
    return table(["who", "threads", "per second", "requests", "signatures"], cells)


def parts_by_time(rows):
    """Of one P-256 signature by one thread, no delay: differences of what was measured in turns."""
    own = p50(rows, "Signet", "P-256", 0)
    verified = p50(rows, "bare request, verified", "P-256", 0)
    bare_row = find(rows, who="bare request", key="P-256", roundTrip=0, threads=1)
    bare, service = bare_row["microseconds"]["p50"], bare_row["serviceMicroseconds"]
    driver = bare_row["processorMicrosecondsPerSignature"]["driver"]
    cells = [
        ["the appliance: from a request's last byte to its answer's first", service],
        ["TLS, HTTP and TCP on both sides (bare request less the appliance)", bare - service],
        ["verification (verified less bare)", verified - bare],
        ["Signet (less bare, verified)", own - verified],
        ["together: p50 of Signet", own],
    ]
    return (table(["part", "µs"], [[name, number(value)] for name, value in cells])
            + f"\nThe driver's processor time for a bare request: {driver:.0f} µs.\n")


def share(counts):
    total = sum(counts.values())
    return [[name, count, number(100 * count / total, ".1f") + " %"] for name, count in counts.items()]


def behind(rows):
    cells = []
    for key in ("P-256", "RSA-2048", "RSA-3072"):
        for threads in (1, 8, 64):
            line = [key, threads]
            for who in ("Signet", "bare request", "SoftHSMv2", "SoftHSMv2, p11-kit remoting"):
                row = find(rows, who=who, key=key, roundTrip=0, threads=threads)
                line.append(f"{row['perSecond']:.0f} ({row['microseconds']['p50']:.0f} µs)")
            cells.append(line)
    return table(["key", "threads", "Signet", "bare request", "SoftHSMv2", "SoftHSMv2, p11-kit remoting"], cells)


def profile_section(results):
    profile, rows = results["profile"], results["rows"]
    return [
        "## Compared with modules without a network\n",
        "Signatures per second (and the median of one). SoftHSMv2 signs in the caller's process; p11-kit's remoting moves it to "
        "another process over a unix socket. Neither has a network, TLS, HTTP, a journal that is written before an answer, or a "
        "check of each signature. Where Signet is slower, the tables below show why; the bare request has no module at "
        "all.\n",
        behind(rows),
        "Time of one P-256 signature (one thread, no delay added, medians; the appliance's part is a mean):\n",
        parts_by_time(rows),
        "Instructions of the signing process (callgrind, one warm P-256 signature; the kernel is not counted):\n",
        table(["part", "instructions", "share"], share(profile["parts"])),
        table(["whose", "instructions", "share"], share(profile["groups"])),
        f"Allocations of one signature, by all libraries: {profile['allocations']}. Calls of `memcpy` and `memmove` by Signet's "
        f"own code: {profile['copies']}.\n",
    ]


def verification_alone(rows):
    """The part of the bound at 10 ms that the verification of the signature takes."""
    parts = []
    for row in singles(rows):
        if row["roundTrip"] == 10:
            bare = p50(rows, "bare request", row["key"], 10)
            part = p50(rows, "bare request, verified", row["key"], 10) / bare - 1
            parts.append(f"{row['key']} {100 * part:.1f} %")
    return ("The verification alone, as a part of a bare request at 10 ms: " + ", ".join(parts) + ". A processor that has been idle "
            "during a round trip takes up to twice as long for it as a busy one.\n")


def bounds(results):
    """The project's own bounds."""
    rows, found = results["rows"], Bounds()
    at_most, at_least = found.at_most, found.at_least

    for row in singles(rows):
        own, key, round_trip = row["microseconds"]["p50"], row["key"], row["roundTrip"]
        if round_trip == 0:
            at_most(f"{key}, no delay: Signet / (bare request + verification)",
                    own / p50(rows, "bare request, verified", key, 0), 1.10, ".3f")
        if round_trip == 10:
            at_most(f"{key}, 10 ms: Signet / (bare request + verification)",
                    own / p50(rows, "bare request, verified", key, 10), 1.01, ".3f")
            at_most(f"{key}, 10 ms: Signet / bare request (without verification)", own / p50(rows, "bare request", key, 10), 1.01,
                    ".3f")
    add_bounds(results.get("standIn", []), found)
    for name, what in (("prompt", "appliance as it is"), ("slow", "signatures that take longer")):
        row = results["scaling"][name]["module"]
        at_least(f"64 threads at 50 ms, {what}: part of 64 / (round trip + service time)", 100 * row["perSecond"] / ceiling(row, 50),
                 95, ".1f", " %")
    gathering = results["gathering"]
    at_least("4 connections, 64 threads, 50 ms: gathered / not gathered",
             gathering["gathered"]["perSecond"] / gathering["alone"]["perSecond"], 8, ".1f")
    long_run, large = results["longRun"], results["large"]
    at_most(f"{long_run['signatures']} signatures: requests beside one for each", long_run["requests"] - long_run["signatures"], 3, "d")
    at_most(f"{long_run['signatures']} signatures: handshakes, 8 threads", long_run["handshakes"], 8, "d")
    at_most(f"{long_run['signatures']} signatures: resident memory added after the first 1,000", growth(long_run), 1024, "d", " KiB")
    at_most(f"{large['keys']} keys: login and first listing", large["loginMilliseconds"] + large["firstFindMilliseconds"], 2000, ".0f",
            " ms")
    at_most(f"{large['keys']} keys: find by label", large["findByLabelMicroseconds"], 20, ".1f", " µs")
    at_most(f"{large['keys']} keys: find by id", large["findByIdMicroseconds"], 20, ".1f", " µs")
    at_most(f"{large['keys']} keys: requests of 2,000 finds", large["findRequests"], 0, "d")
    at_most(f"{large['keys']} keys: resident memory for them", (large["residentKibListed"] - large["smallResidentKib"]) / 1024, 64,
            ".1f", " MiB")
    for name in ("alive", "dead"):
        at_most(f"C_Initialize, appliance {name}", results["start"][name]["initializeMilliseconds"], 5, ".1f", " ms")
    at_most("resident memory added by loading the library", results["start"]["alive"]["loadResidentKib"] / 1024, 15, ".1f", " MiB")
    speeds = {row["name"]: row["bytes_per_second"] for row in results["micro"] if "bytes_per_second" in row}
    at_least("C_SignUpdate on 64 KB pieces: part of EVP_DigestUpdate's speed",
             100 * speeds["digest_by_the_module"] / speeds["digest_by_openssl"], 95, ".1f", " %")
    groups = results["profile"]["groups"]
    at_most("instructions of one signature in Signet's own code", 100 * groups["Signet"] / sum(groups.values()), 10, ".1f", " %")
    return found.table()


def growth(long_run):
    first, *rest = long_run["memory"]
    return max([sample["residentKib"] for sample in rest], default=first["residentKib"]) - first["residentKib"]


def memory_table(long_run):
    return table(["signatures", "resident memory (KiB)"], [[row["signatures"], row["residentKib"]] for row in long_run["memory"]])


def start_table(start):
    cells = [[name, f"{row['loadMilliseconds']:.1f}", row["loadResidentKib"], f"{row['initializeMilliseconds']:.1f}"]
             for name, row in (("alive", start["alive"]), ("dead", start["dead"]))]
    return table(["appliance", "dlopen (ms)", "resident memory added by dlopen (KiB)", "C_Initialize (ms)"], cells)


def large_table(large):
    return table(["keys with certificates", "login and first listing (ms)", "find by label (µs)", "find by id (µs)",
                  "resident memory once listed (KiB)", "with three keys (KiB)", "requests in all"],
                 [[large["keys"], number(large["loginMilliseconds"] + large["firstFindMilliseconds"]),
                   number(large["findByLabelMicroseconds"], ".1f"), number(large["findByIdMicroseconds"], ".1f"),
                   large["residentKibListed"], large["smallResidentKib"], large["requests"]]])


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


def plot_seals(pictures, file):
    lines = (len(pictures) + 1) // 2
    figure, axes = plt.subplots(lines, 2, figsize=(10, 3 * lines), squeeze=False)
    for (title, values), place in zip(pictures, axes.flat):
        names, lengths = zip(*reversed(values))
        drawn = place.barh(names, lengths, color=["tab:orange" if name == "Signet" else "tab:blue" for name in names])
        place.bar_label(drawn, [f"{length:.3g}" if length < 100 else f"{length:.0f}" for length in lengths], padding=3)
        place.margins(x=0.2)
        place.set_title(title)
    for place in axes.flat[len(pictures):]:
        place.set_axis_off()
    save(figure, file)


SEAL_PLOTS = {"cades": ("performance-sealing.svg", "time and memory of CAdES seals"),
              "pdf": ("performance-sealing-pdf.svg", "time, memory and size of seals in PDF documents")}


def sealing_section(sealing, folder):
    """A plot for each format that was measured, where it has anything to show."""
    shown = {}
    for word, (name, what) in SEAL_PLOTS.items():
        pictures = bars(sealing.get(word, {}))
        if pictures:
            plot_seals(pictures, folder / name)
            shown[word] = f"![{what}]({name})\n"
    return [section(sealing, shown)]


def save(figure, file):
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def write_page(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "performance.json").write_text(json.dumps(results, indent=1) + "\n")
    plot(results["rows"], folder)
    rows = results["rows"]
    parts = [
        HEAD.format(command=results["command"], machine=results["machine"], minutes=results["minutes"], turn="20 (at 50 ms 5)",
                    ciphers=", ".join(results["ciphers"]), raw=RAW if any(row["who"].startswith("raw") for row in rows) else ""),
        "## Bounds\n", "The project's own bounds, and the results of this run.\n", bounds(results),
        verification_alone(results["rows"]),
        "## Compared with the bare request, one thread\n",
        "The service time was measured at the appliance, from a request's last byte read to its answer's first byte written.\n",
        ratios(rows),
        "![signatures per second by threads](performance-threads.svg)\n",
        "![median by round trip](performance-round-trip.svg)\n",
        *([stand_in_section(results["standIn"])] if "standIn" in results else []),
        "## 64 threads over a link of 50 ms\n", scaling_words(results["scaling"]), scaling_table(results["scaling"]),
        "The driver's processor time is that of the module or of the bare requests, with TLS; the emulator has TLS, HTTP, the "
        "signature and the journal.\n",
        "### With four connections\n",
        "With fewer connections than threads, waiting signatures with the same key are sent in one request.\n",
        gathering_table(results["gathering"]),
        *profile_section(results),
        "## Starting\n", "Medians of five starts.\n", start_table(results["start"]),
        "## A large token\n", "The appliance of this table keeps its state in memory, so that it is filled faster.\n", large_table(results["large"]),
        "## Memory over time\n", f"One process, 8 threads, sampled while it signed {results['longRun']['signatures']} times.\n",
        memory_table(results["longRun"]),
        "## Pieces\n", micro_table(results["micro"]),
        *(sealing_section(results["sealing"], folder) if "sealing" in results else []),
        *([validating_section(results["validating"])] if "validating" in results else []),
        "## Everything measured\n", signatures_table([*rows, *results["gathering"].values()]),
    ]
    (folder / "performance.md").write_text("\n".join(parts))
