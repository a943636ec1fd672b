"""The section "Sealing" of docs/performance.md, from the results of bench/sealing."""

from page_parts import Bounds, find, number, table

HEAD = """## Sealing

By `{command}` on {day}: {machine}, {minutes:.1f} minutes. {versions}. All of them sealed the same
documents with the same P-256 key of the same emulated appliance, through Signet's module, in turns and in changing order; at least
three rounds, medians with the lowest and highest round in brackets. A document lies in the page cache unless something else is
said. Signet's seals are on disk, with their names, before it says so; those of the others are not synced.

- **floor**: one `C_Sign`, reading and digesting the document, and writing as many bytes as durably as Signet does.
- **EU DSS** is a short program with its `Pkcs11SignatureToken`.
"""

FORMAT_HEADS = {
    "cades": """### CAdES

CAdES B-B. OpenSSL verified a seal of each.

- **pyHanko** is its CMS signer in a short program, since its command makes CAdES of PDF files only.
- **openssl cms** uses libp11's engine, and writes internal seals in indefinite lengths (`-stream`), its leanest way.
""",
    "pdf": """### PDF

PAdES B-B in documents with a page of noise for each 256 KiB. pdfsig verified a seal of each, and the original bytes were still in
front of it.

- **pyHanko** is a short program with its `PdfSigner`, which starts faster than **pyHanko's command**.
- **OpenPDF** is a short program, with Bouncy Castle for the CMS signature and Java's SunPKCS11. The document is read where it lies,
  and the result written into its file: its leanest way.
- **JSignPdf** is its command, which appends (`--append`); in one running process, its own classes, which open the key store anew for
  each document as the command does. Its seals are CMS in PDF (`adbe.pkcs7.detached`), not PAdES.
- **EU DSS** has documents in memory, its default, and those over 256 MiB in temporary files.
""",
}

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


def forms(rows):
    """In the order in which they were measured."""
    return [form for form in dict.fromkeys(row["form"] for row in rows) if form]


def named(what, form):
    """PDF has one form only, which is not worth a word."""
    return what if form == "pades" else f"{what}, {form}"


def bounds(results):
    """What the project asks of the seals of one format."""
    found = Bounds()
    if "cold" in results:
        rows = results["cold"]["rows"]
        own = median(rows, who="Signet")
        for row in rows:
            if row["who"] not in ("Signet", "openssl cms") and "failed" not in row:
                found.at_least(f"cold start: {row['who']} / Signet", row["seconds"]["median"] / own, 10, ".1f")
    if "warm" in results:
        rows, size = results["warm"]["rows"], mib(results["warm"]["bytes"])
        for form in forms(rows):
            found.at_most(named(f"warm, {size}", form) + ": Signet / floor",
                          median(rows, who="Signet", form=form) / median(rows, who="floor", form=form), 1.15, ".2f")
    if "whole" in results:
        rows, size = results["whole"]["rows"], mib(results["whole"]["bytes"])
        for form in forms(rows):
            found.at_most(named(size, form) + ": Signet / (sha256sum + cp)",
                          median(rows, who="Signet", form=form) / median(rows, who="sha256sum + cp"), 1.3, ".2f")
    if "batch" in results:
        rows = results["batch"]["rows"]
        for own, module, what in (("Signet, the command", "the module alone, from its start", "from the start of the process"),
                                  ("Signet, running already", "the module alone, running already", "running already")):
            part = median(rows, who=own) / median(rows, who=module)
            found.at_least(f"batch, {what}: part of the module's rate", 100 * part, 95, ".1f", " %")
    if "large" in results:
        large = results["large"]
        size, beside, form = large["bytes"], large["beside"], large["form"]
        found.at_most(f"{named(mib(size), form)}: time for a byte / that of {mib(beside)}",
                      per_gib(large, size) / per_gib(large, beside), 1.1, ".2f")
        found.at_most(f"{named(mib(size), form)}: peak memory", find(large["rows"], who="Signet", bytes=size)["peakKib"] / 1024,
                      64 if form == "pades" else 32, ".1f", " MiB")
    if "growth" in results:
        added = find(results["growth"]["rows"], who="Signet")["visible"]["added"]
        found.at_most("a visible seal with the default font: bytes added", added / 1000, 60, ".1f", " kB")
    return found.table()


def per_gib(large, size):
    """Seconds of Signet."""
    return median(large["rows"], who="Signet", bytes=size) / (size / 1024**3)


def timed(row, beside, form=".1f"):
    """[time, beside something, memory], or why there is none."""
    if "failed" in row:
        return [f"failed: {row['failed']}", "", ""]
    return [milliseconds(row["seconds"], 1e3), number(row["seconds"]["median"] / beside, form), peak(row)]


def cold_part(cold):
    own = median(cold["rows"], who="Signet")
    cells = [[row["who"], *timed(row, own)] for row in cold["rows"]]
    return [f"#### One document of {mib(cold['bytes'])}, from the start of the program to its end\n",
            table(["who", "time (ms)", "beside Signet", "peak memory (MiB)"], cells)]


def with_forms(header, cells):
    """Without the first column where it says the same everywhere."""
    if {cell[0] for cell in cells} <= {"pades", ""}:
        return table(header[1:], [cell[1:] for cell in cells])
    return table(header, sorted(cells, key=lambda cell: cell[0]))


def warm_part(warm):
    cells = []
    for row in warm["rows"]:
        ratio = row["milliseconds"]["median"] / median(warm["rows"], who="floor", form=row["form"])
        cells.append([row["form"], row["who"], milliseconds(row["milliseconds"]), number(ratio, ".2f")])
    return [f"#### Documents of {mib(warm['bytes'])} in one process that is running already\n",
            f"One after the other, {warm['seals']} a turn; medians of the turns' medians.\n",
            with_forms(["seal", "who", "time for one (ms)", "beside the floor"], cells)]


def whole_part(whole):
    copied = median(whole["rows"], who="sha256sum + cp")
    cells = [[row["form"], row["who"], *timed(row, copied, ".2f")] for row in whole["rows"]]
    return [f"#### One document of {mib(whole['bytes'])}, one process\n",
            with_forms(["seal", "who", "time (ms)", "beside sha256sum + cp", "peak memory (MiB)"], cells)]


def batch_part(batch):
    cells = []
    for row in batch["rows"]:
        rate = row["perSecond"]
        ends = "from its start" if "command" in row["who"] or "start" in row["who"] else "running already"
        part = 100 * rate["median"] / median(batch["rows"], who=f"the module alone, {ends}")
        cells.append([row["who"], f"{rate['median']:.0f} ({rate['low']:.0f} to {rate['high']:.0f})", number(part, ".1f") + " %"])
    return [f"#### {batch['files']} documents of {mib(batch['bytes'])} over {batch['roundTrip']} ms, {batch['jobs']} at a time\n",
            "From the start: with loading, login and a handshake for each connection. The module alone writes no files; the floor shows "
            "what is left where each of its threads waits for its file to be on disk.\n",
            table(["who", "per second", "part of the module's rate"], cells)]


def large_part(large):
    cells = []
    for row in large["rows"]:
        gib = row["bytes"] / 1024**3
        time, each, memory = timed(row, gib, ".2f")
        cells.append([mib(row["bytes"]), row["who"], time, each, memory])
    return [f"#### {named('A document of ' + mib(large['bytes']), large['form'])}\n",
            f"Full of holes, and {'in' if large['cached'] else 'not in'} the page cache.\n",
            table(["document", "who", "time (ms)", "seconds for a GiB", "peak memory (MiB)"], cells)]


def added(row, form):
    return f"{row[form]['added']:,}" if form in row else ""


def fonts(row):
    """Of the visible seal, or of the invisible one where there is no other."""
    found = row.get("visible", row["pades"])["fonts"]
    return ", ".join(f"{name} ({how})" for name, how in found) or "none"


GROWTH_HEAD = """A document of {size}; the visible seal has two lines of text in a box of 180 by 60 points, in each one's default font. The room
for the CMS signature is part of it: as large as it needs to be, or fixed (JSignPdf; OpenPDF's short program leaves 8 KiB, as
examples for it do). A font that is not embedded looks different on other machines, has no letters beyond those of Western Europe,
and is not allowed in PDF/A. **pdfsig** signs with an RSA key of 3072 bits, since about every second one of its ECDSA seals is broken.
Its command makes invisible seals only, with a font all the same: the one that this machine has for Helvetica.
"""


def growth_part(growth):
    cells = [[row["who"], added(row, "pades"), added(row, "visible"), fonts(row)] for row in growth["rows"]]
    return ["#### What a seal adds to the file\n", GROWTH_HEAD.format(size=mib(growth["bytes"])),
            table(["who", "invisible (bytes)", "visible (bytes)", "font"], cells)]


PARTS = {"cold": cold_part, "warm": warm_part, "whole": whole_part, "batch": batch_part, "large": large_part,
         "growth": growth_part}


def section(results, pictures=()):
    """Of those formats and rows that were measured. `pictures`: {format: the line with its plot}."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    parts = [HEAD.format(command=results["command"], day=results["day"], machine=results["machine"], minutes=results["minutes"],
                         versions=versions)]
    for word, head in FORMAT_HEADS.items():
        if word not in results:
            continue
        parts += [head, bounds(results[word])]
        for row, part in PARTS.items():
            if row in results[word]:
                parts += part(results[word][row])
        parts += [pictures[word]] if word in pictures else []
    return "\n".join(parts)


def bars(results):
    """What is worth a picture, of one format: (title, [(who, value)])."""
    pictures = []
    if "cold" in results:
        pictures.append((f"{mib(results['cold']['bytes'])}, cold (ms)",
                         [(row["who"], 1e3 * row["seconds"]["median"]) for row in measured(results["cold"]["rows"])]))
    for row, part in (("warm", "milliseconds"), ("whole", "seconds")):
        if row not in results:
            continue
        form = forms(results[row]["rows"])[-1]
        rows = [each for each in measured(results[row]["rows"]) if each["form"] in (form, "")]
        title = mib(results[row]["bytes"]) + (f" {form}" if form != "pades" else "")
        if row == "warm":
            pictures.append((f"{title}, warm (ms)", [(each["who"], each[part]["median"]) for each in rows]))
        else:
            pictures.append((f"{title} (ms)", [(each["who"], 1e3 * each[part]["median"]) for each in rows]))
            pictures.append((f"{title}, peak memory (MiB)", [(each["who"], each["peakKib"] / 1024) for each in rows]))
    if "growth" in results:
        pictures.append(("added by a seal (kB)",
                         [(row["who"], row.get("visible", row["pades"])["added"] / 1000) for row in results["growth"]["rows"]]))
    return pictures


def measured(rows):
    return [row for row in rows if "failed" not in row]
