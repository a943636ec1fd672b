#!/usr/bin/env python3
"""The seals of `signet seal` in PDF documents before the judges: every build of document, every kind of key, B-B and B-T,
several seals in one document, visible ones, certification, fields that are there; and documents that are refused.

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
import pdf_cases
import pdf_judges

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
TITLE = "Schváleno: Žluťoučký kůň"
PLAIN = pdf_cases.Case()


def seal(document, out, key, *options):
    """Of one document, whose bytes stay in front."""
    judges.run(SIGNET, "seal", document, "--out", out, "--key", key, "--chain", "ca/ca.pem", *options)
    pdf_judges.unchanged(document, out)
    return out


def seal_documents(stamps):
    """Each twice: (file, level of each seal, case, keys)"""
    for document in sorted(pathlib.Path("documents").glob("*.pdf")):
        case = pdf_cases.CASES.get(document.stem, PLAIN)
        always = (*case.always, *(("--pdf-password-file", "password") if case.owner else ()))
        reason = () if "--reason" in case.first else ("--reason", TITLE, "--location", "Brno")
        once = seal(document, f"{document.stem}+1.pdf", "p256", *reason, *case.first, *always)
        twice = seal(once, f"{document.stem}+2.pdf", "rsa", *case.second, *always, *stamps)
        yield twice, "BT", case, ("p256", "rsa")


def seal_with_keys():
    """One document with every key."""
    for key, (_, variants) in cades.KEYS.items():
        for number, options in enumerate(variants):
            if "--file-name" in options:
                options = ["--commitment", "proof-of-approval", "--country", "CZ", "--locality", "Brno"]
            yield seal("documents/table.pdf", f"{key}-{number}.pdf", key, *options), "B", PLAIN, (key,)


def seal_later(stamps):
    """A time-stamp that is added to a seal."""
    done = subprocess.run([SIGNET, "seal", "documents/stream.pdf", "--out", "degraded.pdf", "--key", "p256", "--chain", "ca/ca.pem",
                           "--tsa", "http://127.0.0.1:1/none", "--on-tsa-failure", "degrade"], stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 30:
        raise judges.Failure(f"a seal without its time-stamp: {done.returncode}, not 30")
    judges.run(SIGNET, "seal", "--resume", "degraded.pdf", *stamps)
    pdf_judges.unchanged("documents/stream.pdf", "degraded.pdf")
    yield "degraded.pdf", "T", PLAIN, ("p256",)


def certify(stamps):
    """Certified documents, and seals in them that they allow."""
    for permission in "123":
        certified = seal("documents/inherited-field.pdf", f"certified-{permission}.pdf", "p256", "--certify", permission, *stamps)
        yield certified, "T", PLAIN, ("p256",)
        if permission != "1":
            yield seal(certified, f"certified-{permission}+2.pdf", "rsa"), "TB", PLAIN, ("p256", "rsa")
            more = seal(certified, f"certified-{permission}+field.pdf", "rsa", "--field", "office.seal", *pdf_cases.SEAL)
            yield more, "TB", PLAIN, ("p256", "rsa")


def refused(document, status, sentence, *options):
    """The command ends with this status and sentence, and leaves nothing."""
    done = subprocess.run([SIGNET, "seal", document, "--format", "pades", "--out", "refused.pdf", "--key", "p256", *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != status or sentence not in done.stdout or pathlib.Path("refused.pdf").exists():
        raise judges.Failure(f"{document} {options}: {done.returncode}, not {status}, or not \"{sentence}\": {done.stdout}")


def refusals():
    """How many documents are refused as they should be."""
    wishes = [(f"documents/broken/{name}.pdf", 31, sentence, ()) for name, sentence in pdf_cases.BROKEN.items()]
    wishes += [(f"documents/forbidding/{name}.pdf", 32, sentence, options) for name, sentence, options in pdf_cases.FORBIDDING]
    wishes += [(f"documents/{name}.pdf", 2, sentence, options) for name, sentence, options in pdf_cases.WRONG_WISHES]
    wishes += [
        ("certified-1.pdf", 32, 'the signature "SignetSeal1" forbids it: it allows no changes', ()),
        ("certified-2.pdf", 32, "no new visible field", pdf_cases.SEAL),
        ("certified-2.pdf", 32, 'only the first signature can certify a document, and "SignetSeal1"', ("--certify", "2")),
        ("lock+1.pdf", 32, 'the signature "office" forbids it: it locks the field "Signature 1"', ("--field", "Signature 1")),
        ("lock+1.pdf", 32, 'the field "office" is signed already', ("--field", "office")),
    ]
    faults = []
    for document, status, sentence, options in wishes:
        try:
            refused(document, status, sentence, *options)
        except judges.Failure as failure:
            faults.append(str(failure))
    if missing := {one.stem for kind in ("broken", "forbidding") for one in pathlib.Path("documents", kind).glob("*.pdf")} - {
            pathlib.Path(document).stem for document, *_ in wishes}:
        faults.append(f"nobody tried {missing}")
    if faults:
        raise judges.Failure("\n".join(faults))
    return len(wishes)


def prepare(labels=tuple(cades.KEYS)):
    """Token, authority and documents in this folder."""
    os.environ["XDG_STATE_HOME"] = os.getcwd()  # which seals were degraded
    pathlib.Path("documents").mkdir()
    pathlib.Path("password").write_text("owner", encoding="ascii")
    os.chmod("password", 0o600)
    judges.run(os.environ["SIGNET_TEST_PDF_FIXTURES"], "documents")
    cades.make_token(labels)


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepare()
        with judges.served("ca") as address, judges.started() as bench:
            stamps = ["--tsa", f"{address}/tsa", "--tsa-ca", "ca/ca.pem"]
            court = pdf_judges.Court(bench)
            sealed = 0
            for maker in (seal_documents(stamps), seal_with_keys(), seal_later(stamps), certify(stamps)):
                for file, levels, case, keys in maker:
                    court.judge(file, levels, case, keys)
                    sealed += 1
            verdicts = court.end()
            refused_ones = refusals()
        print(f"{sealed} sealed PDF documents before the judges ({verdicts}), {refused_ones} refused, "
              f"in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"pades.py: {failure}")
