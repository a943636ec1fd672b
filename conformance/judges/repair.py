#!/usr/bin/env python3
"""Damaged documents sealed with `--repair-ok`: qpdf, pdfsig, pyHanko and DSS read the result as a good document, and find
the same pages in it. Without the option each is refused.

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
DOCUMENTS = ("table", "fragmented", "stream", "hybrid", "version2", "field", "packed", "linear", "linear-packed", "aes-256")
PAGES = {"field": 1}  # the others have 3
PASSWORD = "owner"  # of the encrypted one


def cut_before(text, mark):
    """Up to the last place of the mark."""
    return text[:text.rindex(mark)]


def damages(name, text):
    """(what was done to it, the document)"""
    start = text.rindex(b"startxref")
    yield "no-startxref", text[:start]
    yield "half-startxref", text[:start + 12]
    yield "wrong-startxref", text[:start] + b"startxref\n17\n%%EOF\n"
    yield "startxref-behind", text[:start] + b"startxref\n99999999\n%%EOF\n"
    yield "nuls", text[:start] + b"\0" * 1_200_000
    first = text.index(b"1 0 obj")
    yield "shifted", text[:first] + b"% a line more\n" + text[first:]
    if name in ("table", "fragmented", "version2", "field"):
        yield "no-trailer", cut_before(text, b"trailer")
        yield "half-table", cut_before(text, b"trailer")[:-30]
        yield "line-ends", text.replace(b"\n", b"\r\n")


def command(document, out, name, *options):
    """The exit status and what was said."""
    password = ["--pdf-password-file", "password"] if name == "aes-256" else []
    done = subprocess.run([SIGNET, "seal", document, "--out", out, "--key", "p256", "--chain", "ca/ca.pem", *password, *options],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def seal(name, damage, text):
    """The sealed document."""
    document, out = f"{name}-{damage}.pdf", f"{name}-{damage}.sealed.pdf"
    pathlib.Path(document).write_bytes(text)
    status, said = command(document, out, name)
    if status != 31 or pathlib.Path(out).exists():
        raise judges.Failure(f"{document} without --repair-ok: {status}, not 31: {said}")
    status, said = command(document, out, name, "--repair-ok")
    if status != 0 or "was damaged" not in said:
        raise judges.Failure(f"{document} with --repair-ok: {status}: {said}")
    if not pathlib.Path(out).read_bytes().startswith(text):
        raise judges.Failure(f"{document} was changed")
    return out


def judged(bench, name, out):
    """By all who can."""
    password = PASSWORD if name == "aes-256" else ""
    checked = subprocess.run(["qpdf", "--check", f"--password={password}", out], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
    if checked.returncode or "WARNING" in checked.stdout:
        raise judges.Failure(f"qpdf of {out}: {checked.stdout}")
    pages = judges.run("qpdf", f"--password={password}", "--show-npages", out).strip()
    if int(pages) != PAGES.get(name, 3):
        raise judges.Failure(f"{out} has {pages} pages")
    said = judges.run("env", f"HOME={os.getcwd()}", "pdfsig", *(["-upw", "user"] if password else []), out)
    if "Signature is Valid." not in said or "- Total document signed" not in said or "rror" in said:
        raise judges.Failure(f"pdfsig of {out}: {said}")
    answer = bench.judge("pyhanko", signature=out, detached=None, trusted=["ca/root.pem"],
                         **({"password": "user"} if password else {}))
    judges.expect(f"pyHanko of {out}", answer, 1, valid=True, intact=True, trusted=True, allowed=True, coverage="ENTIRE_FILE")
    if not password:
        answer = bench.judge("dss", signature=out, detached=None, trusted=["ca/root.pem"], policy="no-revocation")
        judges.expect(f"DSS of {out}", answer, 1, indication="TOTAL_PASSED", errors=[], warnings=[], structure=[])


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder
        pathlib.Path("documents").mkdir()
        pathlib.Path("password").write_text(PASSWORD, encoding="ascii")
        os.chmod("password", 0o600)
        judges.run(os.environ["SIGNET_TEST_PDF_FIXTURES"], "documents")
        cades.make_token()
        failures = []
        count = 0
        with judges.started() as bench:
            for name in DOCUMENTS:
                for damage, text in damages(name, pathlib.Path(f"documents/{name}.pdf").read_bytes()):
                    count += 1
                    try:
                        judged(bench, name, seal(name, damage, text))
                    except judges.Failure as failure:
                        failures.append(str(failure))
        once = pathlib.Path("table-no-startxref.sealed.pdf").read_bytes()
        pathlib.Path("signed.pdf").write_bytes(cut_before(once, b"startxref"))
        status, said = command("signed.pdf", "again.pdf", "table", "--repair-ok")
        if status != 32 or pathlib.Path("again.pdf").exists():
            failures.append(f"a damaged document that is signed: {status}, not 32: {said}")
        if failures:
            raise judges.Failure("\n".join(failures))
        print(f"{count} damaged documents before the judges in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"repair.py: {failure}")
