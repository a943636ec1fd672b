#!/usr/bin/env python3
"""Seals keep a document's conformance to PDF/A, by veraPDF's verdict: visible ones of every look, and those of `signet seal`,
invisible and visible; and veraPDF finds what a seal of another kind would break.

Environment: SIGNET_TEST_SAMPLES, the program that writes the documents (pdf/look/testing/pdfa_samples.cc);
SIGNET_TEST_COMMAND, the built command."""
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import cades
import judges
import pdf_judges

HERE = pathlib.Path(__file__).resolve().parent


def verdicts(java, flavour, files):
    """The rules that each file breaks, by name."""
    lines = judges.run(*java, flavour, *files).splitlines()
    parts = [line.partition(" ") for line in lines if ".pdf" in line]
    found = {pathlib.Path(name).name: rules.split() for name, _, rules in parts}
    if len(found) != len(files):
        raise judges.Failure(f"veraPDF judged {len(found)} of {len(files)} documents: {lines}")
    return found


def seal_samples():
    """One document of each part and output intent, sealed twice: invisibly, and after that with text on a background."""
    cades.make_token()
    pathlib.Path("sealed").mkdir()
    visible = ["--text", "Schváleno: {signer}\\n{time}", "--visible", "corner=top-left,background-color=#eef3fa"]
    for document in sorted(pathlib.Path("good").glob("*-facts.pdf")):
        before = document
        for options in ([], visible):
            out = pathlib.Path("sealed") / f"{before.stem}+.pdf"
            judges.run(cades.SIGNET, "seal", before, "--out", out, "--key", "p256", "--chain", "ca/ca.pem", *options)
            pdf_judges.unchanged(before, out)
            before = out


def main():
    jars = f"{judges.installed('verapdf')}/jars/*"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        judges.run("javac", "-encoding", "UTF-8", "-cp", jars, "-d", "classes", HERE / "pdfa/Pdfa.java")
        for name in ("good", "faulty"):
            pathlib.Path(name).mkdir()
        judges.run(os.environ["SIGNET_TEST_SAMPLES"], "good", "faulty")
        java = ["java", "-cp", f"classes:{jars}", "Pdfa"]
        seal_samples()
        faults = 0
        for part in ("1", "2", "3"):
            files = [file for name in ("good", "sealed") for file in sorted(pathlib.Path(name).glob(f"{part}-*.pdf"))]
            for file, rules in verdicts(java, f"{part}b", files).items():
                faults += len(rules)
                if rules:
                    print(f"{file} breaks {' '.join(rules)}", file=sys.stderr)
        for file, rules in verdicts(java, "1b", sorted(pathlib.Path("faulty").glob("*.pdf"))).items():
            wanted = file.removesuffix(".pdf").split("-")[0]
            if not any(rule.startswith(wanted) for rule in rules):
                faults += 1
                print(f"{file} does not break {wanted}: {rules}", file=sys.stderr)
        if faults:
            sys.exit(1)
        print(f"{len(list(pathlib.Path('good').iterdir()))} documents are PDF/A with their seals, "
              f"{len(list(pathlib.Path('sealed').iterdir()))} of `signet seal` too")


if __name__ == "__main__":
    main()
