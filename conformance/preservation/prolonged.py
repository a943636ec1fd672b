#!/usr/bin/env python3
"""prolonged.py [all]: a PDF document of level B-LTA is prolonged 20 times by `signet extend`, by two authorities in turn. Each time it grows
by the new data and at most 4 KiB, nothing is in its DSS twice (as the qpdf command reads it), and `signet verify` finds it valid and
B-LTA. With all EU DSS, by its default policy, says the same at the end of each of the documents on the way.

Environment: as for judges/extended.py.
"""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judges"))

import cades
import judges
import pdf_cases
import pdf_judges

ROOT = "ca/root.pem"
TIMES = 20
MOST = 4096  # bytes, beside the new data
KINDS = ("/Certs", "/CRLs", "/OCSPs")


def streams_of_store(file):
    """{kind: [the decoded streams of the DSS]} by the qpdf command."""
    done = subprocess.run(["qpdf", "--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=generalized", file],
                          stdout=subprocess.PIPE, check=True)
    objects = json.loads(done.stdout)["qpdf"][1]

    def resolved(value):
        while isinstance(value, str) and value.endswith(" R"):
            value = objects[f"obj:{value}"].get("value", objects[f"obj:{value}"])
        return value
    catalog = resolved(objects["trailer"]["value"]["/Root"])
    store = resolved(catalog["/DSS"])
    return {kind: [base64.b64decode(resolved(one)["stream"]["data"]) for one in resolved(store.get(kind, []))] for kind in KINDS}


def digests(streams):
    """Of all of them, in every list."""
    return [hashlib.sha256(one).digest() for kind in KINDS for one in streams[kind]]


class Life:
    """One document and its trial authority."""

    def __init__(self, address):
        self.address = address
        self.options = ["--trust", ROOT, "--online", "--online-host", urllib.parse.urlsplit(address).hostname]
        self.file = pathlib.Path("kept.pdf")
        self.streams = {}  # of its DSS
        self.largest = 0  # growth beside the new data, so far

    def extend(self, authority):
        """The report about the document."""
        out = judges.run(cades.SIGNET, "extend", self.file, "--json", *self.options, "--tsa", f"{self.address}/{authority}", "--tsa-ca",
                         "ca/ca.pem")
        return json.loads(out)["files"][0]

    def prolong(self, number):
        """Once, with everything that must hold afterwards."""
        before, old = self.file.read_bytes(), self.streams or streams_of_store(self.file)
        report = self.extend("tsa" if number % 2 else "tsa/p384")
        after, new = self.file.read_bytes(), streams_of_store(self.file)
        self.streams = new
        if not after.startswith(before):
            raise judges.Failure(f"{number}: what was there was changed")
        for kind in KINDS:
            if not set(old[kind]) <= set(new[kind]):
                raise judges.Failure(f"{number}: something went out of {kind}")
        if len(digests(new)) != len(set(digests(new))):
            raise judges.Failure(f"{number}: something is in the DSS twice: {[len(new[kind]) for kind in KINDS]}")
        data = sum(len(one) for kind in KINDS for one in new[kind]) - sum(len(one) for kind in KINDS for one in old[kind])
        # An OCSP response in the DSS is that of the responder, around what the report counts.
        if report["added"]["timeStamps"] != 1 or data < report["added"]["dataBytes"]:
            raise judges.Failure(f"{number}: {data} bytes are new: {report['added']}")
        # The time-stamp stands in hexadecimal digits.
        beside = len(after) - len(before) - data - 2 * report["added"]["tokenBytes"]
        self.largest = max(self.largest, beside)
        if beside > MOST:
            raise judges.Failure(f"{number}: it grew by {beside} bytes beside {data} of data and {report['added']['tokenBytes']} of time-stamp")

    def verify(self, number):
        """Valid and B-LTA, with all its time-stamps."""
        report = json.loads(judges.run(cades.SIGNET, "verify", self.file, "--json", *self.options))
        seal, stamps = report["signatures"][0], report["timestamps"]
        found = (report["indication"], seal["level"], {one["indication"] for one in stamps}, len(stamps))
        if found != ("TOTAL-PASSED", "B-LTA", {"PASSED"}, number + 2):
            raise judges.Failure(f"{number}: signet verify finds {found}")


def judge(bench, life):
    """EU DSS and who else reads PDF, of the documents on the way."""
    for name in "issuing", "root":
        judges.run("curl", "--silent", "--show-error", "--fail", "--output", f"{name}.crl", f"{life.address}/{name}.crl")
    for number in range(1, TIMES + 1):
        file = f"kept-{number}.pdf"
        answer = bench.judge("dss", signature=file, detached=None, trusted=[ROOT], crls=["issuing.crl", "root.crl"])
        judges.expect(f"DSS of {file}", answer, indication="TOTAL_PASSED", level="PAdES-BASELINE-LTA", errors=[], structure=[])
        stamps = answer["signatures"][0]["timestamps"]
        if len(stamps) != number + 2 or {one["indication"] for one in stamps} != {"PASSED"}:
            raise judges.Failure(f"DSS of {file}: {len(stamps)} time-stamps: {stamps}")
        for complaint in (pdf_judges.complaint_of_qpdf, pdf_judges.complaint_of_ghostscript):
            if said := complaint(file, pdf_cases.Case()):
                raise judges.Failure(f"{complaint.__name__} of {file}: {said}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path("documents").mkdir()
        judges.run(os.environ["SIGNET_TEST_PDF_FIXTURES"], "documents")
        cades.make_token(("p256",))
        with judges.served("ca") as address:
            life = Life(address)
            judges.run(cades.SIGNET, "seal", "documents/table.pdf", "--out", life.file, "--key", "p256", "--chain", "ca/ca.pem")
            life.extend("tsa")
            life.verify(0)
            for number in range(1, TIMES + 1):
                life.prolong(number)
                life.verify(number)
                shutil.copy(life.file, f"kept-{number}.pdf")
            if sys.argv[1:] == ["all"]:
                with judges.started() as bench:
                    judge(bench, life)
        print(f"prolonged {TIMES} times, at most {life.largest} bytes each beside the new data, in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"prolonged.py: {failure}")
