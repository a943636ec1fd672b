#!/usr/bin/env python3
"""Seals keep a document's conformance to PDF/A and PDF/UA, by veraPDF's verdict; and veraPDF finds what a seal of another kind
would break.

Environment: SIGNET_TEST_SAMPLES, the program that writes documents around visible seals (pdf/look/testing/pdfa_samples.cc);
SIGNET_TEST_COMMAND, the built command, whose seals in the documents of pdfa_documents.py are judged, by pyHanko as well: what
puts a seal into a document's structure must not look like a change of what an earlier one covers.
"""
import os
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import cades
import judges
import pdfa_documents

HERE = pathlib.Path(__file__).resolve().parent
SIGNET = os.environ["SIGNET_TEST_COMMAND"]
FLAVOURS = ("1b", "2b", "3b", "ua1", "2a+ua1")
LOOK = ["--text", "Schválil {signer}\n{time}", "--image", "image.png", "--background", "background.png"]


def verdicts(java, flavour, files):
    """The rules that each file breaks, by name."""
    lines = judges.run(*java, flavour, *files).splitlines()
    parts = [line.partition(" ") for line in lines if ".pdf" in line]
    found = {pathlib.Path(name).name: rules.split() for name, _, rules in parts}
    if len(found) != len(files):
        raise judges.Failure(f"veraPDF judged {len(found)} of {len(files)} documents: {lines}")
    return found


def judge_samples(java):
    """How many there are. The looks of seals, without signatures."""
    for name in ("good", "faulty"):
        pathlib.Path(name).mkdir()
    judges.run(os.environ["SIGNET_TEST_SAMPLES"], "good", "faulty")
    faults = []
    for part in ("1", "2", "3"):
        for file, rules in verdicts(java, f"{part}b", sorted(pathlib.Path("good").glob(f"{part}-*.pdf"))).items():
            if rules:
                faults.append(f"{file} breaks {' '.join(rules)}")
    for file, rules in verdicts(java, "1b", sorted(pathlib.Path("faulty").glob("*.pdf"))).items():
        wanted = file.removesuffix(".pdf").split("-")[0]
        if not any(rule.startswith(wanted) for rule in rules):
            faults.append(f"{file} does not break {wanted}: {rules}")
    if faults:
        raise judges.Failure("\n".join(faults))
    return len(list(pathlib.Path("good").iterdir()))


def make_documents():
    """One of each flavour, with fields and without; PDF/A-1 has no cross-reference streams."""
    pathlib.Path("image.png").write_bytes(pdfa_documents.picture(True))
    pathlib.Path("background.png").write_bytes(pdfa_documents.picture(False))
    pathlib.Path("documents").mkdir()
    for flavour in FLAVOURS:
        for fields in (False, True):
            name = f"documents/{flavour}-{'fields' if fields else 'plain'}"
            pathlib.Path(f"{name}.pdf").write_bytes(pdfa_documents.write(flavour, fields))
            if flavour != "1b":
                judges.run("qpdf", "--object-streams=generate", "--newline-before-endstream", f"{name}.pdf", f"{name}-packed.pdf")


def make_seals():
    """(file, how many seals): each document sealed once and twice."""
    seals = []
    pathlib.Path("sealed").mkdir()
    for document in sorted(pathlib.Path("documents").glob("*.pdf")):
        tagged = "ua1" in document.stem
        for kind, look in (("invisible", []), ("visible", LOOK)):
            first = look + ([] if look else ["--reason", "Schváleno"])
            second = list(look)
            if "fields" in document.stem:
                first, second = first + ["--field", "office"], second + ["--field", "branch"]
            elif look:
                first = first + ["--visible", "corner=top-left"]
                # A signed document's structure stays as it is.
                second = [] if tagged else second + ["--visible", "corner=bottom-left,align=end"]
            name = f"sealed/{document.stem}-{kind}"
            judges.run(SIGNET, "seal", document, "--out", f"{name}-1.pdf", "--key", "p256", "--chain", "ca/ca.pem", *first)
            judges.run(SIGNET, "seal", f"{name}-1.pdf", "--out", f"{name}-2.pdf", "--key", "rsa", "--chain", "ca/ca.pem", *second)
            seals += [(f"{name}-1.pdf", 1), (f"{name}-2.pdf", 2)]
    return seals


def judge_seals(java, bench):
    """How many there are."""
    make_documents()
    seals = make_seals()
    faults = []
    files = sorted(pathlib.Path("documents").glob("*.pdf")) + [pathlib.Path(file) for file, _ in seals]
    for flavour in FLAVOURS:
        mine = [file for file in files if file.name.split("-")[0] == flavour]
        for part in flavour.split("+"):
            faults += [f"{file} breaks {' '.join(rules)} of {part}" for file, rules in verdicts(java, part, mine).items() if rules]
    for file, count in seals:
        try:
            answer = bench.judge("pyhanko", signature=file, detached=None, trusted=["ca/root.pem"])
            judges.expect(f"pyHanko of {file}", answer, count, valid=True, intact=True, trusted=True, allowed=True)
            answer = bench.judge("dss", signature=file, detached=None, trusted=["ca/root.pem"], policy="no-revocation")
            # DSS knows no change of a field that is in the structure, or had an appearance: of any signer it warns there.
            warnings = {} if "fields" in file else {"warnings": []}
            judges.expect(f"DSS of {file}", answer, count, indication="TOTAL_PASSED", errors=[], structure=[], **warnings)
        except judges.Failure as failure:
            faults.append(str(failure))
    if faults:
        raise judges.Failure("\n".join(faults))
    return len(seals)


def main():
    """In a folder of its own."""
    began = time.monotonic()
    jars = f"{judges.installed('verapdf')}/jars/*"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder
        judges.run("javac", "-encoding", "UTF-8", "-cp", jars, "-d", "classes", HERE / "pdfa/Pdfa.java")
        java = ["java", "-cp", f"classes:{jars}", "Pdfa"]
        samples = judge_samples(java)
        cades.make_token()
        with judges.started() as bench:
            seals = judge_seals(java, bench)
        print(f"{samples} documents are PDF/A around the looks of seals, {seals} are PDF/A or PDF/UA with seals "
              f"in them, in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"pdfa.py: {failure}")
