#!/usr/bin/env python3
"""The seals of `signet seal` in PDF documents before the judges: every build of document, every kind of key, B-B and B-T,
several seals in one document, certification, a field that is there.

Environment: SIGNET_TEST_COMMAND, the built command; SIGNET_TEST_PDF_FIXTURES, the program that writes the documents.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import cades
import judges

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
ENCRYPTED = ("rc4-40", "rc4-128", "aes-128", "aes-256")
# pyHanko judges hybrid files only where it is asked to; neither it nor DSS takes junk before %PDF.
NOT_FOR_PYHANKO = ("junk", "hybrid")
NOT_FOR_DSS = ("junk", *ENCRYPTED)
TITLE = "Schváleno: Žluťoučký kůň"


def seal(document, out, key, *options):
    """Of one document."""
    name = pathlib.Path(document).stem.split("+")[0]
    password = ["--pdf-password-file", "password"] if name in ENCRYPTED else []
    form = ["--format", "pades"] if name == "junk" else []  # which does not begin with %PDF-
    judges.run(SIGNET, "seal", document, *form, "--out", out, "--key", key, "--chain", "ca/ca.pem", *password, *options)
    return out


def make_seals(tsa):
    """(file, level of each seal, key of each seal)"""
    seals = []
    stamps = ["--tsa", tsa, "--tsa-ca", "ca/ca.pem"]
    for document in sorted(pathlib.Path("documents").glob("*.pdf")):
        field = ["--field", "office"] if document.stem == "field" else []
        once = seal(document, f"{document.stem}+1.pdf", "p256", "--reason", TITLE, "--location", "Brno", *field)
        twice = seal(once, f"{document.stem}+2.pdf", "rsa", *stamps)
        seals.append((twice, "BT", ("p256", "rsa")))
    for key, (_, variants) in cades.KEYS.items():
        for number, options in enumerate(variants):
            if "--file-name" in options:
                options = ["--commitment", "proof-of-approval", "--country", "CZ", "--locality", "Brno"]
            seals.append((seal("documents/table.pdf", f"{key}-{number}.pdf", key, *options), "B", (key,)))
    done = subprocess.run([SIGNET, "seal", "documents/stream.pdf", "--out", "degraded.pdf", "--key", "p256", "--chain", "ca/ca.pem",
                           "--tsa", "http://127.0.0.1:1/none", "--on-tsa-failure", "degrade"], stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 30:
        raise judges.Failure(f"a seal without its time-stamp: {done.returncode}, not 30")
    judges.run(SIGNET, "seal", "--resume", "degraded.pdf", *stamps)
    seals.append(("degraded.pdf", "T", ("p256",)))
    for permission in "123":
        certified = seal("documents/stream.pdf", f"certified-{permission}.pdf", "p256", "--certify", permission, *stamps)
        seals.append((certified, "T", ("p256",)))
        if permission != "1":
            seals.append((seal(certified, f"certified-{permission}+2.pdf", "rsa"), "TB", ("p256", "rsa")))
    return seals


def judged(bench, document, levels, keys):
    """By all who can."""
    name = pathlib.Path(document).stem.split("+")[0]
    encrypted = name in ENCRYPTED
    checked = subprocess.run(["qpdf", "--check", "--password=user" if encrypted else "--password=", document],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if checked.returncode or "WARNING" in checked.stdout:
        raise judges.Failure(f"qpdf of {document}: {checked.stdout}")
    if "ed25519" not in keys:  # which NSS does not know
        # Not what the user's browser trusts.
        said = judges.run("env", f"HOME={os.getcwd()}", "pdfsig", *(["-upw", "user"] if encrypted else []), document)
        if said.count("Signature is Valid.") != len(keys) or said.count("- Total document signed") != 1:
            raise judges.Failure(f"pdfsig of {document}: {said}")
    if name not in NOT_FOR_PYHANKO:
        request = {"password": "user"} if encrypted else {}
        answer = bench.judge("pyhanko", signature=document, detached=None, trusted=["ca/root.pem"], **request)
        judges.expect(f"pyHanko of {document}", answer, len(keys), valid=True, intact=True, trusted=True, allowed=True)
        for found, level in zip(answer["signatures"], levels):
            judges.expect(f"pyHanko of {document}", found, level=f"B-{level}")
        if answer["signatures"][-1]["coverage"] != "ENTIRE_FILE":
            raise judges.Failure(f"pyHanko of {document}: {answer}")
    if name not in NOT_FOR_DSS:
        suite = {"suite": str(cades.SUITE)} if "ed25519" in keys else {}
        answer = bench.judge("dss", signature=document, detached=None, trusted=["ca/root.pem"], policy="no-revocation", **suite)
        judges.expect(f"DSS of {document}", answer, len(keys), indication="TOTAL_PASSED", errors=[], warnings=[], structure=[])
        found = sorted(one["level"] for one in answer["signatures"])
        if found != sorted(f"PAdES-BASELINE-{level}" for level in levels):
            raise judges.Failure(f"DSS of {document}: {found}")


def refused(document, status, *options):
    """The command ends with this status and leaves nothing."""
    done = subprocess.run([SIGNET, "seal", document, "--out", "refused.pdf", "--key", "p256", *options], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != status or pathlib.Path("refused.pdf").exists():
        raise judges.Failure(f"{document} {options}: {done.returncode}, not {status}: {done.stdout}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder  # which seals were degraded
        pathlib.Path("documents").mkdir()
        pathlib.Path("password").write_text("owner", encoding="ascii")
        os.chmod("password", 0o600)
        judges.run(os.environ["SIGNET_TEST_PDF_FIXTURES"], "documents")
        cades.make_token()
        with judges.served("ca") as address, judges.started() as bench:
            seals = make_seals(f"{address}/tsa")
            refused("certified-1.pdf", 32)
            refused("documents/aes-256.pdf", 32)
            refused("documents/table.pdf", 32, "--field", "nowhere")
            pathlib.Path("cut.pdf").write_bytes(pathlib.Path("documents/table.pdf").read_bytes()[:-200])
            refused("cut.pdf", 31)
            failures = []
            for one in seals:
                try:
                    judged(bench, *one)
                except judges.Failure as failure:
                    failures.append(str(failure))
            if failures:
                raise judges.Failure("\n".join(failures))
        print(f"{len(seals)} sealed PDF documents before the judges in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"pades.py: {failure}")
