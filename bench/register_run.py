"""What bench/register measures: one seal server, whose register grows between the measurements."""
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import time
import urllib.parse

import seald
from appliance import BUILD
from visitor import Visitor, references

BENCH = BUILD / "bench/registerbench"
AUDIT_PATIENCE = 3600  # seconds
MOST_PAGES = 200  # of one list, from the newest seal on


def timed(call):
    """Milliseconds, and what it gives."""
    begin = time.monotonic()
    given = call()
    return 1e3 * (time.monotonic() - begin), given


def timed_pages(reader, path):
    """Milliseconds of each of the first pages that follow each other."""
    times, pages = [], reader.pages(path)
    while len(times) < MOST_PAGES:
        span, page = timed(lambda: next(pages, None))
        if page is None:
            break
        times.append(span)
    return times


def quantiles(times):
    ordered = sorted(times)
    return {"count": len(ordered), "p50_ms": statistics.median(ordered), "p99_ms": ordered[int(0.99 * (len(ordered) - 1))]}


class Run:
    def __init__(self, clients, seconds, searches, say):
        self.clients, self.seconds, self.searches, self.say = clients, seconds, searches, say
        self.stack = contextlib.ExitStack()
        self.server = None
        self.client = None  # id of the one whose seals fill the register
        self.seals = 0
        self.database = os.environ.get("SIGNET_TEST_POSTGRESQL")
        self.product = "PostgreSQL" if self.database else "SQLite"

    def __enter__(self):
        self.server = self.stack.enter_context(seald.Server())
        if not self.database:
            self.database = str(pathlib.Path(self.server.dir, "seald.db"))
        for number in range(self.clients):
            # What the server can do, not what it grants.
            client, _ = self.server.add_client(str(number), "--requests-a-second", "1000000")
            self.client = self.client or client
        self.server.make_key("auditor", "/CN=auditor")
        seald.run(seald.PROGRAM, "user", "add", self.server.dir, "--name", "auditor", "--role", "auditor", "--certificate",
                  self.server.file("auditor.crt"))
        return self

    def __exit__(self, *_):
        self.stack.close()

    def bench(self, what, *options):
        words = [BENCH, what, *map(str, options)]
        if what != "fill":
            words += ["--port", str(self.server.port), "--identities", str(self.server.folder)]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def serving(self):
        self.server.start()
        yield
        assert self.server.stop() == 0, self.server.log()

    def memory(self, connections):
        self.say(f"memory with {connections} connections")
        with self.serving():
            before = self.resident_mib()
            command = [BENCH, "idle", "--port", str(self.server.port), "--identities", str(self.server.folder), "--connections",
                       str(connections)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
                held = json.loads(holder.stdout.readline())["connections"]
                found = {"connections": held, "before_mib": before, "resident_mib": self.resident_mib()}
                holder.stdin.close()
        return found

    def processor_seconds(self):
        """That the server has used."""
        fields = pathlib.Path(f"/proc/{self.server.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def with_processor_time(self, what, count, *options):
        """One measurement, and the server's processor time for each of what `count(found)` says."""
        before = self.processor_seconds()
        found = self.bench(what, *options)
        return {**found, "processor_us": 1e6 * (self.processor_seconds() - before) / count(found)}

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="utf-8")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024

    def at(self, seals):
        """With so many seals, after those that were there before."""
        self.say(f"{seals} seals: filling")
        filled = self.bench("fill", "--folder", self.server.dir, "--database", self.database, "--client", self.client, "--first",
                            self.seals, "--seals", seals)
        found = {"seals": seals, "load_average": os.getloadavg()[0],
                 "filled_per_second": 2 * (seals - self.seals) / filled["seconds"]}
        self.seals = seals
        self.say(f"{seals} seals: audit")
        found["audit"] = self.audit()
        self.say(f"{seals} seals: searches, pages, transactions")
        with self.serving():
            found["search"] = self.bench("search", "--seals", seals, "--searches", self.searches)
            found["pages"] = self.look(seals)
            found["alone"] = self.bench("alone", "--seconds", self.seconds)
            found["transactions"] = self.with_processor_time("load", lambda load: load["count"], "--seconds", self.seconds, "--clients",
                                                             self.clients)
        if self.product == "SQLite":
            found["bytes"] = os.stat(self.database).st_size
        return found

    def audit(self):
        begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([seald.PROGRAM, "audit", "verify", self.server.dir], capture_output=True, text=True, timeout=AUDIT_PATIENCE,
                              check=False)
        seconds = time.monotonic() - begin
        assert done.returncode == 0 and done.stdout.strip().endswith("the register is whole"), f"{done.stdout}{done.stderr}"
        events = int(re.search(r"(\d+) events", done.stdout).group(1))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"events": events, "seconds": seconds, "processor_seconds": processor}

    def look(self, seals):
        """The web pages' searches, and list after list."""
        reader = Visitor(self.server, "auditor")
        reader.sign_in()
        chosen = random.Random(20)
        found = {}
        for what in ("digest", "reference", "part"):
            times = []
            for _ in range(self.searches):
                number = chosen.randrange(seals)
                digest = hashlib.sha256(str(number).encode()).hexdigest()
                fields = {"digest": {"digest": digest}, "reference": {"reference": f"REF-{number:08}"},
                          "part": {"reference": f"{number:08}", "match": "part"}}[what]
                span, (status, page) = timed(lambda path="/seals?" + urllib.parse.urlencode(fields): reader.ask("GET", path))
                assert status == 200 and f"REF-{number:08}" in references(page), f"{status}: {references(page)} by {fields}"
                times.append(span)
            found[what] = quantiles(times)
        found["newest"] = quantiles(timed_pages(reader, "/seals"))
        found["sealed"] = quantiles(timed_pages(reader, "/seals?state=sealed"))
        return found
