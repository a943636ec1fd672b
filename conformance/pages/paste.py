#!/usr/bin/env python3
"""Pages of the documentation, pasted into an interactive shell as a reader does it.

  paste.py [--lines] PAGE...          docs/clients/start.md, then these pages in their order, in one shell
  paste.py [--lines] --all ORDER      every page of docs/clients/ and those in MORE; ORDER is forward, backward or a
                                      number, by which they are shuffled
  paste.py --client NAME              the page of one client, then conformance/clients/NAME/checks.sh; leaves a record
                                      for docs/compatibility.md

PAGE is a name in docs/clients/ or docs/, or a path that ends in .md. Blocks are pasted whole; with --lines they are typed line by line, so that a
command that reads the terminal shows.

After each block every command of it has succeeded and the shell is there. After each page nothing that it started
runs, the environment, traps and options of the shell, the configuration and the PIN are as before, and the token holds
what it held. At the end `exit` ends what start.md started.

Environment: SIGNET_TEST_PREFIX, the installed tree; SIGNET_TEST_RECORDS, the folder for records.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENTS = ROOT / "conformance/clients"
# Pages outside docs/clients/ whose commands a reader may paste after start.md.
MORE = ["keys", "failures", "csc", "sapiws", "sealing", "verifying", "preserving", "archivist", "archivist.cs", "seal-server",
        str(ROOT / "docs/java.md"), str(ROOT / "docs/dotnet.md")]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Variables of the shell that are its own.
OWN = re.compile(r"^declare -x (OLDPWD|PWD|_|LINES|COLUMNS)\b")


def page_file(name):
    if name.endswith(".md"):
        return pathlib.Path(name)
    client = ROOT / "docs/clients" / f"{name}.md"
    return client if client.exists() else ROOT / "docs" / f"{name}.md"


def blocks(name):
    found = BLOCK.findall(page_file(name).read_text())
    if not found:
        raise terminal.Broken(f"{page_file(name)} has no commands")
    return found


class Trial:
    """A new folder with a shell, in which start.md was followed."""

    def __init__(self, folder, lines):
        self.folder, self.lines = pathlib.Path(folder), lines
        self.prefix = pathlib.Path(os.environ["SIGNET_TEST_PREFIX"])
        self.terminal = terminal.Terminal(folder, self.environment(), self.folder / "shown")
        self.follow("start")
        self.place = self.folder / "trial"
        self.running = set(terminal.descendants())
        self.before = self.state()

    def environment(self):
        cache = os.environ.get("SIGNET_CLIENTS_CACHE") or os.path.expanduser("~/.cache/signet-clients")
        kept = re.compile(r"^(HOME|LANG|PIP_.*|npm_config_.*|MAVEN_.*|CARGO_.*|GO(PROXY|SUMDB)|.*_CA_BUNDLE|SSL_CERT_.*|.*_proxy)$", re.I)
        return {key: value for key, value in os.environ.items() if kept.match(key)} | {
            "PATH": f"{self.prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PREFIX": str(self.prefix),
            "TERM": "xterm",
            # What the module remembers of tokens belongs to this run; installed clients are kept between runs.
            "XDG_CACHE_HOME": f"{self.folder}/cache",
            "SIGNET_CLIENTS_CACHE": cache,
            # Java's better compiler pays for itself in minutes only, and these programs run for seconds.
            "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }

    def follow(self, name):
        started = time.monotonic()
        for number, block in enumerate(blocks(name), 1):
            try:
                (self.terminal.type if self.lines else self.terminal.paste)(block)
            except terminal.Broken as error:
                raise terminal.Broken(f"{name}.md, block {number}:\n{block}\n{error}") from None
        print(f"{name}.md: {number} blocks in {time.monotonic() - started:.0f} s", flush=True)

    def state(self):
        """All that a page must leave as it was."""
        file = self.folder / "state"
        self.terminal.paste(f"{{ declare -x; trap -p; set +o; shopt; }} >{file} || true\n")
        shell = "\n".join(line for line in file.read_text().splitlines() if not OWN.match(line))
        return {
            "the shell": shell,
            "the configuration": (self.place / "appliance/client.toml").read_text(),
            "the PIN": (self.place / "pin").read_text(),
            "the token": self.objects(),
        }

    def objects(self):
        variables = self.environment() | {"PIN": (self.place / "pin").read_text(),
                                          "SIGNET_CONFIG": f"{self.place}/appliance/client.toml"}
        command = ["pkcs11-tool", "--module", f"{self.prefix}/lib/pkcs11/signet-pkcs11.so", "--token-label", "seal",
                   "--login", "--pin", "env:PIN", "--list-objects"]
        shown = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=60).stdout
        # Profile objects are shown with their handles, which are of one process.
        return "\n".join(sorted(part for part in re.split(r"\n(?=\S)", shown) if not part.startswith("Profile")))

    def check_traces(self, name):
        for _ in range(100):
            left = {pid: words for pid, words in terminal.descendants().items() if pid not in self.running}
            if not left:
                break
            time.sleep(0.1)
        else:
            raise terminal.Broken(f"{name}.md leaves running: {list(left.values())}")
        if gone := self.running - set(terminal.descendants()):
            raise terminal.Broken(f"{name}.md ended what start.md started: {gone}")
        after = self.state()
        for what, value in self.before.items():
            if value != after[what]:
                (self.folder / "a").write_text(value)
                (self.folder / "b").write_text(after[what])
                shown = subprocess.run(["diff", "a", "b"], cwd=self.folder, capture_output=True, text=True, check=False)
                raise terminal.Broken(f"{name}.md changes {what}:\n{shown.stdout}")

    def end(self):
        self.terminal.close()
        for _ in range(100):
            if not terminal.descendants():
                return
            time.sleep(0.1)
        raise terminal.Broken(f"left after the shell: {list(terminal.descendants().values())}")

    def counts(self):
        """Requests and signatures so far. Asking for the counters is none."""
        port = re.search(r"(\d+)\s*$", (self.place / "ready").read_text())[1]
        counters = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail", "--insecure", "--noproxy", "*",
             f"https://127.0.0.1:{port}/x-emulator/v1/counters"], capture_output=True, text=True, check=True, timeout=60)
        requests = json.loads(counters.stdout)["requests"]
        journal = subprocess.run([self.prefix / "bin/signet-emulator", "journal", self.place / "appliance", "--json"],
                                 capture_output=True, text=True, check=True, timeout=60).stdout
        return requests, len(journal.splitlines())


def order_of(order):
    names = sorted(path.stem for path in (ROOT / "docs/clients").glob("*.md") if path.stem != "start") + MORE
    if order == "backward":
        names.reverse()
    elif order != "forward":
        random.Random(int(order)).shuffle(names)
    return names


def client(trial, name):
    folder = subprocess.run([CLIENTS / "install.sh", "--folder", name], capture_output=True, text=True, check=True,
                            env=trial.environment()).stdout.strip()
    result, started, before = "failed", time.monotonic(), trial.counts()
    try:
        trial.follow(name)
        # What looking for traces costs is not the client's.
        cost = trial.counts()
        trial.check_traces(name)
        before = [b + a - c for a, b, c in zip(trial.counts(), before, cost)]
        if (CLIENTS / name / "checks.sh").exists():
            # In the folder, with the functions and variables of the page.
            trial.terminal.paste(
                f"( export WORK={trial.folder} CLIENTS={CLIENTS} PATH={CLIENTS}/tools:{ROOT}/scripts:$PATH; set -euo pipefail; "
                f". {CLIENTS}/{name}/checks.sh )\n"
            )
        result = "ok"
    finally:
        after = trial.counts()
        subprocess.run(
            [sys.executable, CLIENTS / "matrix.py", "record", os.environ["SIGNET_TEST_RECORDS"], name, result,
             str(int(time.monotonic() - started)), str(after[0] - before[0]), str(after[1] - before[1])],
            check=True, cwd=CLIENTS / name, env=os.environ | {"CLIENT": folder},
        )


def run(options, folder):
    trial = Trial(folder, options.lines)
    if options.client:
        client(trial, options.client)
    for name in order_of(options.all) if options.all else options.pages:
        trial.follow(name)
        trial.check_traces(name)
    trial.end()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("--all", metavar="ORDER")
    parser.add_argument("--client", metavar="NAME")
    parser.add_argument("pages", nargs="*")
    options = parser.parse_args()
    terminal.adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    # Other users' processes serve files below it.
    folder = tempfile.mkdtemp(prefix="signet-pages-")
    os.chmod(folder, 0o755)
    try:
        run(options, folder)
    except terminal.Broken as error:
        sys.exit(f"{error}")
    finally:
        terminal.end_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
