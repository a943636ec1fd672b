#!/usr/bin/env python3
"""The seals of `signet seal` before the judges: CAdES B-B and B-T, inside and beside, every kind of key and digest.

Environment: SIGNET_TEST_COMMAND, the built command.
"""
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
SUITE = judges.HERE / "with-ed25519.json"

# The key's type, its label, and the options of the seals made by it.
KEYS = {
    "rsa": ("rsa:3072", [[], ["--pss"], ["--hash", "SHA384"], ["--pss", "--hash", "SHA512"]]),
    "p256": ("ec:P-256", [[], ["--hash", "SHA512"], ["--commitment", "proof-of-approval", "--country", "CZ", "--locality", "Brno",
                                                    "--media-type", "text/plain", "--file-name"]]),
    "p384": ("ec:P-384", [[], ["--hash", "SHA256"]]),
    "ed25519": ("Ed25519", [[]]),
}


def make_token():
    """A SoftHSM token with each key and its certificate."""
    pathlib.Path("tokens").mkdir()
    pathlib.Path("softhsm2.conf").write_text(f"directories.tokendir = {os.getcwd()}/tokens\nlog.level = ERROR\n", encoding="utf-8")
    os.environ |= {"SOFTHSM2_CONF": os.path.abspath("softhsm2.conf"), "SIGNET_MODULE": MODULE, "SIGNET_PIN": "12345678"}
    judges.run("softhsm2-util", "--init-token", "--free", "--label", "seal", "--so-pin", "12345678", "--pin", "12345678")
    judges.run(judges.TESTCA, "init", "ca")
    for label, (kind, _) in KEYS.items():
        judges.run(SIGNET, "key", "generate", "--type", kind, "--label", label)
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
    """By all who can: OpenSSL's CMS functions take no Ed25519."""
    signature, detached, level, key, count = seal
    suite = {"suite": str(SUITE)} if key == "ed25519" else {}
    answer = bench.judge("dss", signature=signature, detached=detached, trusted=["ca/root.pem"], policy="no-revocation", **suite)
    judges.expect(f"DSS of {seal}", answer, count, indication="TOTAL_PASSED", level=f"CAdES-BASELINE-{level}", errors=[],
                  warnings=[], structure=[])
    answer = bench.judge("pyhanko", signature=signature, detached=detached, trusted=["ca/root.pem"])
    judges.expect(f"pyHanko of {seal}", answer, count, valid=True, intact=True, trusted=True, level=f"B-{level}")
    answer = bench.judge("bc", signature=signature, detached=detached)
    judges.expect(f"Bouncy Castle of {seal}", answer, count, valid=True, signingCertificate=True)
    if key != "ed25519":
        answer = bench.judge("openssl", signature=signature, detached=detached, trusted=["ca/ca.pem"])
        judges.expect(f"OpenSSL of {seal}", answer, valid=True)


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
        print(f"{len(seals)} seals before the judges in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"cades.py: {failure}")
