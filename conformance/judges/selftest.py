#!/usr/bin/env python3
"""The judges accept what openssl, pyHanko and DSS sign, and find planted faults."""
import os
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import judges

GOOD = {"dss": {"indication": "TOTAL_PASSED", "errors": [], "warnings": [], "structure": []},
        "bc": {"valid": True, "signingCertificate": True},
        "pyhanko": {"valid": True, "intact": True, "trusted": True, "signingCertificate": True}, "openssl": {"valid": True}}


def make_authority(folder, key):
    """An authority, and a key with its certificate."""
    judges.run(judges.TESTCA, "init", folder)
    judges.run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
        "-subj", "/CN=seal", "-out", "request")
    judges.run(judges.TESTCA, "issue", folder, "request", f"{key}.pem")


def by_openssl(out, *options, key="key", ca="ca"):
    """A signature of the document by the openssl command."""
    judges.run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-signer", f"{key}.pem", "-inkey", key, "-certfile",
        f"{ca}/ca.pem", "-in", "document", "-out", out, *options)


class Test:
    """One run."""

    def __init__(self, bench):
        self.bench, self.count = bench, 0

    def ask(self, judge, signature, detached):
        """With the authority `ca` as the only one trusted."""
        trusted = {"dss": {"trusted": ["ca/root.pem"], "policy": "no-revocation"}, "bc": {},
                   "pyhanko": {"trusted": ["ca/root.pem"]}, "openssl": {"trusted": ["ca/ca.pem"]}}[judge]
        self.count += 1
        return self.bench.judge(judge, signature=signature, detached=detached, **trusted)

    def good(self, signature, detached, level):
        """All judges accept it, at this level."""
        for judge, facts in GOOD.items():
            facts = dict(facts)
            if judge == "dss":
                facts["level"] = "CAdES-BASELINE-" + level
            if judge == "pyhanko":
                facts["level"] = "B-" + level
            judges.expect(f"{judge} of {signature}", self.ask(judge, signature, detached), **facts)

    def bad(self, signature, detached, **facts):
        """Each judge that is named finds this."""
        for judge, wanted in facts.items():
            judges.expect(f"{judge} of {signature}", self.ask(judge, signature, detached), **wanted)


def make(bench, tsa):
    """By pyHanko and DSS: (signature, detached, level)."""
    made = []
    for level, detached in (("B", True), ("B", False), ("T", True), ("T", False)):
        beside = "document" if detached else None
        stamps = tsa if level == "T" else ""
        name = f"{level}-{'beside' if detached else 'inside'}"
        bench.java.ask({"judge": "make", "form": "cades", "content": "document", "key": "key.der", "chain": "chain.pem",
                        "level": level, "detached": detached, "tsa": stamps, "out": f"dss-{name}"})
        bench.python.ask({"judge": "make", "content": "document", "key": "key", "certificate": "key.pem",
                          "chain": "ca/ca.pem", "detached": detached, "tsa": stamps, "out": f"pyhanko-{name}"})
        made += [(f"dss-{name}", beside, level), (f"pyhanko-{name}", beside, level)]
    return made


def test_faults(test):
    """Each fault on a document that was good before."""
    failed = {"dss": {"indication": "TOTAL_FAILED"}, "bc": {"valid": False}, "openssl": {"valid": False}}
    test.bad("openssl-beside", "other", **failed, pyhanko={"intact": False})
    data = bytearray(pathlib.Path("openssl-beside").read_bytes())
    data[-1] ^= 1  # the end of the signature
    pathlib.Path("changed").write_bytes(data)
    test.bad("changed", "document", **failed, pyhanko={"valid": False})
    by_openssl("stranger", "-cades", key="foreign", ca="foreign-ca")
    test.bad("stranger", "document", dss={"indication": "INDETERMINATE", "subIndication": "NO_CERTIFICATE_CHAIN_FOUND"},
             openssl={"valid": False}, pyhanko={"trusted": False})
    by_openssl("plain")
    test.bad("plain", "document", dss={"level": "CMS-NOT-ETSI"}, bc={"signingCertificate": False},
             openssl={"valid": False}, pyhanko={"level": None})
    test.bench.python.ask({"judge": "graft", "signature": "dss-B-beside", "from": "dss-T-beside", "out": "grafted"})
    [dss] = test.ask("dss", "grafted", "document")["signatures"]
    if [stamp["indication"] for stamp in dss["timestamps"]] == ["PASSED"] or not dss["timestamps"]:
        raise judges.Failure(f"DSS takes the time-stamp of another signature: {dss}")
    [pyhanko] = test.ask("pyhanko", "grafted", "document")["signatures"]
    if not pyhanko["timestamp"] or pyhanko["timestamp"]["intact"]:
        raise judges.Failure(f"pyHanko takes the time-stamp of another signature: {pyhanko}")


def test_policies(test):
    """DSS's own policy wants revocation data; a wish with a wrong name and an unreadable file are no verdicts."""
    answer = test.bench.judge("dss", signature="openssl-inside", trusted=["ca/root.pem"])
    judges.expect("DSS's default policy", answer, indication="INDETERMINATE")
    for wrong in ({"signature": "openssl-inside", "polcy": "x"}, {"signature": "nothing"}):
        for judge in ("dss", "bc", "pyhanko"):
            if judge == "pyhanko" and "polcy" in wrong:
                continue
            try:
                test.bench.judge(judge, trusted=[], **wrong) if judge != "bc" else test.bench.judge(judge, **wrong)
            except judges.Failure:
                continue
            raise judges.Failure(f"{judge} has judged {wrong}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path("document").write_bytes(os.urandom(50_000))
        pathlib.Path("other").write_bytes(b"another document")
        make_authority("ca", "key")
        make_authority("foreign-ca", "foreign")
        judges.run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "key", "-outform", "DER", "-out", "key.der")
        pathlib.Path("chain.pem").write_bytes(pathlib.Path("key.pem").read_bytes() + pathlib.Path("ca/ca.pem").read_bytes())
        try:
            with judges.served("ca") as address, judges.started() as bench:
                by_openssl("openssl-beside", "-cades")
                by_openssl("openssl-inside", "-cades", "-nodetach")
                made = make(bench, f"{address}/tsa")
                test = Test(bench)
                for one in [("openssl-beside", "document", "B"), ("openssl-inside", None, "B"), *made]:
                    test.good(*one)
                test_faults(test)
                test_policies(test)
                print(f"{test.count} verdicts in {time.monotonic() - began:.1f} s")
        finally:
            os.chdir("/")


main()
