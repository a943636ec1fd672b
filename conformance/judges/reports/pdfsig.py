#!/usr/bin/env python3
"""pdfsig.py [NAME...]: what the report says that pdfsig shows of a document, and what pdfsig really prints, with the same anchors, at
the same moment.

Runs in the virtual environment of the client pyhanko. Environment: SIGNET_TEST_COMMAND.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "validation")]

import histories
import judges
import run
import table

DOCUMENTS = """twin-bad1-extended-too-late twin-bad2-no-revocation-data twin-bad3-changed-byte twin-bad4-tsu-revoked
    twin-bad5-signer-revoked twin-ok1-b-t twin-ok2-b-lt twin-ok3-lta-once twin-ok4-lta-three-times twin-ok5-lta-intermediate-ca
    good-bb chain-untrusted chain-long crypto-value-pdf change-text two-first-untrusted validity-ended validity-begins-later
    revoked sha384""".split()


def printed(folder, moment):
    """{field: valid, unknown or invalid}, as pdfsig has it."""
    store = folder / "nss"
    judges.run("certutil", "-d", f"sql:{store.mkdir() or store}", "-N", "--empty-password")
    for number, file in enumerate(sorted((folder / "trust").glob("*"))):
        judges.run("certutil", "-d", f"sql:{store}", "-A", "-n", str(number), "-t", "CT,C,C", "-a", "-i", file)
    done = subprocess.run(["faketime", "-f", moment, "pdfsig", "-nssdir", f"sql:{store}", folder / "doc.pdf"],
                          env=os.environ | {"TZ": "UTC"}, capture_output=True, text=True, timeout=judges.TIMEOUT, check=False)
    shown = {}
    for part in done.stdout.split("Signature #")[1:]:
        facts = dict(re.findall(r"^  - ([^:\n]+): (.*)$", part, re.MULTILINE))
        if "Signature Validation" not in facts:
            raise judges.Failure(f"{folder.name}: pdfsig printed {done.stdout} {done.stderr}")
        signature, certificate = facts["Signature Validation"], facts.get("Certificate Validation", "")
        word = "unknown"
        if signature == "Signature is Valid." and certificate == "Certificate is Trusted.":
            word = "valid"
        elif signature not in ("Signature is Valid.", "Signature has not yet been verified."):
            word = "invalid"
        shown[facts["Signature Field Name"]] = word
    return shown, done.stdout


def said(folder, expected):
    """The same, as our report has it."""
    done = subprocess.run(run.command(folder, expected) + ["--other-readers"], capture_output=True, text=True, timeout=run.TIMEOUT,
                          check=False)
    views = [view for view in json.loads(done.stdout)["otherReaders"] if view["reader"] == "pdfsig"]
    return {element["name"]: element["shows"] for view in views for element in view["elements"]}


def main():
    """All documents, or those that are named."""
    began = time.monotonic()
    names = sys.argv[1:] or DOCUMENTS
    known, cases = table.read()
    cases = {case["case"]: case for case in cases}
    lines, words, fields = [], set(), 0
    with tempfile.TemporaryDirectory() as work:
        for name in names:
            folder = pathlib.Path(work) / name
            histories.Maker(cases[name], known).write(folder)
            expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            real, output = printed(folder, expected["validation_time"].replace("T", " ").rstrip("Z"))
            ours = said(folder, expected)
            fields += len(real)
            words |= set(real.values())
            if real != ours:
                lines.append(f"{name}: pdfsig shows {real}, the report says {ours}\n{output if sys.argv[1:] else ''}".rstrip())
            shutil.rmtree(folder)
    if not sys.argv[1:] and words != {"valid", "unknown", "invalid"}:
        lines.append(f"pdfsig shows nothing but {words}: the documents do not tell right from wrong")
    print(f"{len(names)} documents, {fields} fields in {time.monotonic() - began:.1f} s")
    sys.exit("\n".join(lines) if lines else 0)


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"pdfsig.py: {failure}")
