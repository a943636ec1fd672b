#!/usr/bin/env python3
"""The seals of `signet seal` before the judges: CAdES B-B and B-T, inside and beside, every kind of key and digest.

Environment: SIGNET_TEST_COMMAND, the built command.
"""
import datetime
import itertools
import os
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import judges

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
SUITE = judges.HERE.parents[1] / "crypto/suites/119312-2.1.1.json"

# The key's type, its label, and the options of the seals made by it.
KEYS = {
    "rsa": ("rsa:3072", [[], ["--pss"], ["--hash", "SHA384"], ["--pss", "--hash", "SHA512"]]),
    "p256": ("ec:P-256", [[], ["--hash", "SHA512"], ["--commitment", "proof-of-approval", "--country", "CZ", "--locality", "Brno",
                                                    "--media-type", "text/plain", "--file-name"]]),
    "p384": ("ec:P-384", [[], ["--hash", "SHA256"]]),
    "ed25519": ("Ed25519", [[]]),
}


def make_token(labels=tuple(KEYS)):
    """A SoftHSM token with each of these keys and its certificate."""
    pathlib.Path("tokens").mkdir()
    pathlib.Path("softhsm2.conf").write_text(f"directories.tokendir = {os.getcwd()}/tokens\nlog.level = ERROR\n", encoding="utf-8")
    os.environ |= {"SOFTHSM2_CONF": os.path.abspath("softhsm2.conf"), "SIGNET_MODULE": MODULE, "SIGNET_PIN": "12345678"}
    judges.run("softhsm2-util", "--init-token", "--free", "--label", "seal", "--so-pin", "12345678", "--pin", "12345678")
    judges.run(judges.TESTCA, "init", "ca")
    for label in labels:
        judges.run(SIGNET, "key", "generate", "--type", KEYS[label][0], "--label", label)
        judges.run(SIGNET, "csr", label, "--subject", f"C=CZ,O=Office,CN={label}", "--out", "request")
        judges.run(judges.TESTCA, "issue", "ca", "request", f"{label}.pem")
        judges.run(SIGNET, "cert", "import", f"{label}.pem", "--roots", "ca/ca.pem")


def make_seals(tsa):
    """(file, detached, level, key, how many signatures)"""
    seals = []
    forms = itertools.product((False, True), ("B", "T"))
    for inside, level in forms:
        stamps = ["--tsa", tsa, "--tsa-ca", "ca/ca.pem"] if level == "T" else []
        for key, (_, variants) in KEYS.items():
            for options in variants:
                out = f"seal-{len(seals)}"
                form = ["--internal"] if inside else []
                judges.run(SIGNET, "seal", "document", "--out", out, "--key", key, "--chain", "ca/ca.pem", *form, *stamps, *options)
                seals.append((out, None if inside else "document", level, key, 1))
    for options, name in ((["--internal", "--ber"], "ber"), (["--internal"], "inside"), ([], "beside")):
        detached = None if options else "document"
        judges.run(SIGNET, "seal", "document", "--out", name, "--key", "p256", "--chain", "ca/ca.pem", "--tsa", tsa, *options)
        content = ["--content", "document"] if detached else []
        judges.run(SIGNET, "seal", "--add", name, *content, "--key", "rsa", "--chain", "ca/ca.pem", "--tsa", tsa)
        seals.append((name, detached, "T", "p256", 2))
    return seals


def judged(bench, seal):
    """By all who can: OpenSSL's CMS functions take no Ed25519, nor does the suite that DSS has built in."""
    signature, detached, level, key, count = seal
    for suite in ([] if key == "ed25519" else [{}]) + [{"suite": str(SUITE)}]:
        answer = bench.judge("dss", signature=signature, detached=detached, trusted=["ca/root.pem"], policy="no-revocation", **suite)
        judges.expect(f"DSS of {seal} by {suite or 'its own suite'}", answer, count, indication="TOTAL_PASSED",
                      level=f"CAdES-BASELINE-{level}", errors=[], warnings=[], structure=[])
    answer = bench.judge("pyhanko", signature=signature, detached=detached, trusted=["ca/root.pem"])
    judges.expect(f"pyHanko of {seal}", answer, count, valid=True, intact=True, trusted=True, level=f"B-{level}")
    answer = bench.judge("bc", signature=signature, detached=detached)
    judges.expect(f"Bouncy Castle of {seal}", answer, count, valid=True, signingCertificate=True)
    if key != "ed25519":
        answer = bench.judge("openssl", signature=signature, detached=detached, trusted=["ca/ca.pem"])
        judges.expect(f"OpenSSL of {seal}", answer, valid=True)


def judge_last_day(bench):
    """DSS takes the last day of a key size as Signet does: good to its end, and no longer on the next one."""
    last = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=20)
    following = last + datetime.timedelta(days=1)
    pathlib.Path("house.json").write_text(SUITE.read_text(encoding="utf-8").replace("2027-01-01", str(following)), encoding="utf-8")
    judges.run(SIGNET, "key", "generate", "--type", "rsa:2048", "--label", "short")
    judges.run(SIGNET, "csr", "short", "--subject", "C=CZ,O=Office,CN=short", "--out", "request")
    judges.run(judges.TESTCA, "issue", "ca", "request", "short.pem")
    judges.run(SIGNET, "cert", "import", "short.pem", "--roots", "ca/ca.pem")
    said = judges.run(SIGNET, "seal", "document", "--out", "short", "--key", "short", "--chain", "ca/ca.pem", "--suite", "./house.json")
    if f"RSA of 2048 bits is good until {last} only" not in said:
        raise judges.Failure(f"signet seal says nothing of the last day: {said}")
    for moment, good in (f"{last}T23:59:59Z", True), (f"{following}T00:00:01Z", False):
        answer = bench.judge("dss", signature="short", detached="document", trusted=["ca/root.pem"], policy="no-revocation",
                             suite=os.path.abspath("house.json"), time=moment)
        texts = [text for kind in ("errors", "warnings") for text in answer["signatures"][0][kind]]
        if good == bool(texts):
            raise judges.Failure(f"DSS on {moment}: {answer}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path("document").write_bytes(os.urandom(50_000))
        make_token()
        with judges.served("ca") as address, judges.started() as bench:
            seals = make_seals(f"{address}/tsa")
            for seal in seals:
                judged(bench, seal)
            judge_last_day(bench)
        print(f"{len(seals)} seals before the judges in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"cades.py: {failure}")
