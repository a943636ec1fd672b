#!/usr/bin/env python3
"""A register of millions of seals: its pages follow each other without a gap at its beginning, in its middle and at its end, each
kind of search finds what is there, and so it is in a browser; the audit finds it whole.

  large.py SEALS

TMPDIR: a disk with 2.5 KB for each seal.
"""
import hashlib
import itertools
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.parse

import seald
from visitor import Visitor, references

HERE = pathlib.Path(__file__).parent
INSTALL = HERE.parents[1] / "conformance/clients/install.sh"
PAGES = 500  # of each part of the list
SEARCHES = 200


def name_of(number):
    return f"REF-{number:08}"


def check_list(reader, path, newest, oldest=None):
    """That the seals from the newest on are listed, each once; up to the oldest one, where it is named."""
    following, times = newest, []
    pages = reader.pages(path)
    for number in itertools.count():
        begin = time.monotonic()
        page = next(pages, None)
        times.append(time.monotonic() - begin)
        if page is None or (oldest is None and number == PAGES):
            break
        found = references(page)
        if following is None:
            following = int(found[0].removeprefix("REF-"))
        assert found == [name_of(following - back) for back in range(len(found))], f"page {number} of {path}: {found[:3]}… after {following}"
        following -= len(found)
    assert oldest is None or following == oldest - 1, f"{path} ends at {following}"
    print(f"{path}: {len(times) - 1} pages, the slowest {1e3 * max(times):.0f} ms")


def check_searches(reader, seals):
    slowest = {}
    for turn in range(SEARCHES):
        number = (turn * 7_368_787 + 11) % seals
        digest, sealed = (hashlib.sha256(text.encode()).hexdigest() for text in (str(number), f"sealed {number}"))
        for what, fields in {"digest": {"digest": digest}, "sealed digest": {"digest": sealed}, "reference": {"reference": name_of(number)},
                             "part": {"reference": name_of(number)[3:], "match": "part"},
                             "several": {"reference": name_of(number), "state": "sealed", "from": "2025-01-01"}}.items():
            begin = time.monotonic()
            status, page = reader.ask("GET", "/seals?" + urllib.parse.urlencode(fields))
            slowest[what] = max(slowest.get(what, 0), time.monotonic() - begin)
            assert status == 200 and references(page) == [name_of(number)], f"{what}: {references(page)}, not {name_of(number)}"
    print("the slowest search: " + ", ".join(f"by {what} {1e3 * seconds:.0f} ms" for what, seconds in slowest.items()))


def check_browser(server, seals):
    browser = seald.run(INSTALL, "--folder", "browser")
    facts = {"origin": f"https://localhost:{server.port}", "seals": seals,
             "certificates": {"auditor": [server.file("auditor.crt"), server.file("auditor.key")]}}
    done = subprocess.run(["node", HERE / "pages/browse_large.cjs", browser], input=json.dumps(facts), text=True, capture_output=True,
                          timeout=600, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{server.log()}"
    print(done.stdout, end="")


def main():
    seals = int(sys.argv[1])
    with seald.Server() as server:
        server.make_key("server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        client, _ = server.add_client("office")
        server.make_key("auditor", "/CN=auditor")
        seald.run(seald.PROGRAM, "user", "add", server.dir, "--name", "auditor", "--role", "auditor", "--certificate", server.file("auditor.crt"))
        database = os.environ.get("SIGNET_TEST_POSTGRESQL", str(pathlib.Path(server.dir, "seald.db")))
        subprocess.run([os.environ["SIGNET_TEST_REGISTERBENCH"], "fill", "--folder", server.dir, "--database", database, "--client", client,
                        "--seals", str(seals)], check=True)
        server.start()
        reader = Visitor(server, "auditor")
        reader.sign_in()
        check_list(reader, "/seals", seals - 1)
        check_list(reader, "/seals?state=sealed", seals - 1)
        check_list(reader, "/seals?to=2025-03-01", None)
        # The oldest ones, to the end.
        check_list(reader, "/seals?to=2025-01-01", None, 0)
        check_searches(reader, seals)
        check_browser(server, seals)
        assert server.stop() == 0, server.log()
        seald.PATIENCE = 3600
        print(seald.run(seald.PROGRAM, "audit", "verify", server.dir))


if __name__ == "__main__":
    main()
