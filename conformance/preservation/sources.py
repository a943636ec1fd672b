#!/usr/bin/env python3
"""sources.py [NAME...]: `signet extend --online` against the answers of sources.yaml: which are taken, what is said of the others,
the exit status, and that a document that is refused stays as it was, with nothing beside it. With names only these cases.

Environment: SIGNET_TEST_COMMAND, the built command.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "judges"), str(HERE.parent / "validation")]

if not os.environ.get("SOURCES_INSIDE"):
    import judges
    python = str(judges.installed("pyhanko") / "venv/bin/python")
    os.execve(python, [python, "-B", *sys.argv], os.environ | {"SOURCES_INSIDE": "yes"})

import loopback
import world
import yaml

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
TIMEOUT = 120  # s, for one command: a program that hangs, not a slow machine
AT_ONCE = 4
PROBLEM = re.compile(r"(http://[^\s;()]+): ")  # in a note, or in the error
KEYS = {"case", "ocsp", "crl", "issuer", "delta", "stamp", "certificates", "with", "known", "format", "streams", "level", "options",
        "proxy", "signal", "status", "took", "says", "notes", "remark", "asked"}


class Wrong(Exception):
    """What was expected otherwise."""


def demand(fact, sentence):
    """Or Wrong."""
    if not fact:
        raise Wrong(sentence)


def entries(folder):
    """Whatever is in it, hidden files too: {name: bytes}."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


class Trial:
    """One case: its folder, its command, what came of it. `desk` has the document alone."""

    def __init__(self, case, source, folder):
        self.case, self.source = case, source
        self.world = world.World(case, source)
        self.desk = folder / case["case"] / "desk"
        self.desk.mkdir(parents=True)
        self.beside = self.desk.parent
        self.told = self.late = 0  # s: when the signal was sent, how long afterwards it ended
        name, self.content = self.world.document()
        self.file = self.desk / name
        self.file.write_bytes(self.content)
        for name, text in self.world.anchors().items():
            (self.beside / name).write_bytes(text)
        for name in case.get("known", []):
            (self.beside / f"known-{name}.pem").write_bytes(self.world.certificate(name))

    def trust(self):
        """The anchors."""
        return [word for name in self.world.anchors() for word in ("--trust", str(self.beside / name))]

    def command(self):
        """`signet extend`."""
        options = [word.format(proxy=self.source.url, down=self.source.down()) for word in self.case.get("options", [])]
        known = [word for name in self.case.get("known", []) for word in ("--certificates", str(self.beside / f"known-{name}.pem"))]
        return [SIGNET, "extend", str(self.file), "--json", "--level", self.case.get("level", "B-LT"), *self.trust(), *known, "--online",
                "--online-host", "127.0.0.1", "--tsa", self.world.url("tsa"), "--tsa-ca", str(self.beside / "stamps.pem"),
                *options]

    def environment(self):
        """With a proxy for everything, where the case has one."""
        if not self.case.get("proxy"):
            return os.environ
        return os.environ | {name: self.source.url for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY")}

    def run(self):
        """(exit status, report, what was said)"""
        with subprocess.Popen(self.command(), cwd=self.desk, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            try:
                if "signal" in self.case:
                    self._send(process)
                out, said = process.communicate(timeout=TIMEOUT)
            except subprocess.TimeoutExpired as late:
                process.kill()
                raise Wrong(f"it did not end within {TIMEOUT} s") from late
        if self.told:
            self.late = time.monotonic() - self.told
        return process.returncode, json.loads(out or "{}"), said

    def _send(self, process):
        """The signal, once an address was asked so often."""
        name, path, times = self.case["signal"]
        until = time.monotonic() + TIMEOUT
        while self.source.asked(f"{self.world.base}/{path}") < times and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.Signals[name])
        self.told = time.monotonic()

    def check(self):
        """Nothing, or Wrong."""
        status, report, said = self.run()
        wanted = self.case.get("status", 0)
        demand(status == wanted, f"exit status {status}, not {wanted}: {said}")
        if "says" in self.case:
            demand(self.case["says"] in said, f"it does not say {self.case['says']!r}: {said}")
        self._check_notes(said)
        for path, times in self.case.get("asked", {}).items():
            way, colon, name = path.rpartition(":")
            found = self.source.asked(f"{way}{colon}{self.world.base}/{name}")
            demand(found == times, f"{path} was asked {found} times, not {times}")
        if status == 0:
            self._check_extended(report["files"][0], said)
        else:
            demand(report["files"][0]["exitStatus"] == status, f"the report: {report}")
            demand(entries(self.desk) == {self.file.name: self.content}, f"something is left behind: {sorted(entries(self.desk))}")

    def _check_notes(self, said):
        """One for each address that gave nothing good, and for no other one."""
        wanted = self.case.get("notes", {})
        found = {url.rsplit("/", 1)[1] for url in PROBLEM.findall(said)} - {"tsa"}
        demand(found == set(wanted), f"notes about {sorted(found)}, not {sorted(wanted)}: {said}")
        for name, sentence in wanted.items():
            demand(re.search(f"/{name}: [^;\n]*{re.escape(sentence)}", said), f"nothing says {sentence!r} of {name}: {said}")

    def _check_extended(self, report, said):
        """What was added, the level, and that the document is valid without any network."""
        level = self.case.get("level", "B-LT")
        added = report["added"]
        took = [added["crls"], added["ocspResponses"]]
        demand(took == self.case.get("took", took), f"{took[0]} CRLs and {took[1]} OCSP responses were taken, not {self.case.get('took')}")
        demand(report["after"]["level"] == level, f"level {report['after']['level']}: {report}")
        demand("before the moment that it has to serve" in said or not self.case.get("remark"), f"no remark on old data: {said}")
        demand(self.case.get("remark") or not report["remarks"], f"remarks: {report['remarks']}")
        demand(set(entries(self.desk)) == {self.file.name}, f"something is left behind: {sorted(entries(self.desk))}")
        if self.file.suffix == ".pdf":
            demand(self.file.read_bytes().startswith(self.content), "what was there was changed")
        done = subprocess.run([SIGNET, "verify", self.file, "--json", *self.trust()], capture_output=True, text=True, timeout=TIMEOUT,
                              check=False)
        demand(done.returncode == 0, f"it is not valid without a network: {done.stdout}{done.stderr}")
        found = json.loads(done.stdout)["signatures"][0]["level"]
        demand(found == level, f"signet verify finds {found}")


def table(names):
    """The cases, all or those of these names."""
    cases = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    named = {case["case"]: case for case in cases}
    if len(named) != len(cases):
        sys.exit("sources.py: two cases have one name")
    for case in cases:
        if odd := set(case) - KEYS:
            sys.exit(f"sources.py: {case['case']}: there is no word {', '.join(odd)}")
    return [named[name] for name in names] or cases


def judged(trial):
    """What is wrong with it, or nothing."""
    try:
        trial.check()
    except (Wrong, KeyError, ValueError) as wrong:
        return f"{trial.case['case']}: {type(wrong).__name__}: {wrong}"
    return None


def main():
    """All of them, some at a time: most of the time they wait."""
    began = time.monotonic()
    cases = table(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, loopback.Server() as source:
        trials = [Trial(case, source, pathlib.Path(folder)) for case in cases]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            wrong = [line for line in pool.map(judged, trials) if line]
    late = max(trial.late for trial in trials)
    print("\n".join(wrong + [f"{len(cases) - len(wrong)} of {len(cases)} cases in {time.monotonic() - began:.1f} s; whoever got a signal ended "
                             f"within {late:.2f} s"]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
