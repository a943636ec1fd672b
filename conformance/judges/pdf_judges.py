"""A sealed PDF document before everybody who judges PDF: DSS, pyHanko, pdfsig, qpdf and Ghostscript."""
import concurrent.futures
import html
import os
import pathlib
import re
import subprocess

import cades
import judges

WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')

# What Ghostscript says of the documents before they are sealed: junk in front, and fields that are not signed.
OF_THE_ORIGINAL = ("File has some garbage before %PDF-", "AcroForm field 'Sig' with no AP not implemented")


def complaint_of_qpdf(document, case):
    """Its structure; "" where nothing is wrong."""
    checked = subprocess.run(["qpdf", "--check", f"--password={case.user}", document],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return checked.stdout if checked.returncode or "WARNING" in checked.stdout else ""


def complaint_of_ghostscript(document, case):
    """It draws every page and stops at whatever it would have to repair."""
    checked = subprocess.run(["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-dPDFSTOPONERROR", "-dPDFSTOPONWARNING", "-r20",
                              "-sDEVICE=nullpage", f"-sPDFPassword={case.user}", document],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    lines = [line for line in checked.stdout.splitlines() if line.strip() and not any(text in line for text in OF_THE_ORIGINAL)]
    return "\n".join(lines) or "it failed" if checked.returncode or lines else ""


def complaint_of_pdfsig(document, case, count):
    """Every signature is valid, and the last one is of the whole document."""
    password = ["-upw", case.user] if case.user else []
    # Not what the user's browser trusts.
    said = judges.run("env", f"HOME={os.getcwd()}", "pdfsig", *password, document)
    good = said.count("Signature is Valid.") == count and said.count("- Total document signed") == 1
    return "" if good else said


def complaint_of_place(document, page, place):
    """The seal's text is upright within its place on the page as it is seen."""
    said = judges.run("pdftotext", "-bbox", "-cropbox", "-f", str(page), "-l", str(page), document, "-")
    for left, top, right, bottom, word in WORD.findall(said):
        if html.unescape(word) != "Sealed":
            continue
        left, top, right, bottom = (float(edge) for edge in (left, top, right, bottom))
        if place[0] <= left and place[1] <= top and right <= place[2] and bottom <= place[3] and right - left > bottom - top:
            return ""
    return f"no seal within {place} of page {page}: {said}"


def complaint_of_pyhanko(bench, document, case, levels):
    """Every signature is valid, nothing that was added later is forbidden, and the last one is of the whole file."""
    request = {"password": case.user} if case.user else {}
    answer = bench.judge("pyhanko", signature=document, detached=None, trusted=["ca/root.pem"], strict=case.strict, **request)
    judges.expect("", answer, len(levels), valid=True, intact=True, trusted=True, allowed=True)
    for found, level in zip(answer["signatures"], levels):
        judges.expect("", found, level=f"B-{level}")
    return "" if answer["signatures"][-1]["coverage"] == "ENTIRE_FILE" else str(answer)


def complaint_of_dss(bench, document, case, levels, suite):
    """Every signature is of its baseline level, and the structure is that of PAdES."""
    request = {"suite": str(cades.SUITE)} if suite else {}
    if case.user:
        request["password"] = case.user
    answer = bench.judge("dss", signature=document, detached=None, trusted=["ca/root.pem"], policy="no-revocation", **request)
    judges.expect("", answer, len(levels), indication="TOTAL_PASSED", errors=[], warnings=[], structure=[])
    found = sorted(one["level"] for one in answer["signatures"])
    return "" if found == sorted(f"PAdES-BASELINE-{level}" for level in levels) else str(answer)


class Court:
    """All of them; the commands work beside the two processes."""

    def __init__(self, bench):
        self.bench = bench
        self.workers = concurrent.futures.ThreadPoolExecutor(2)
        self.running = []
        self.verdicts = {}  # how many, of each judge
        self.complaints = []

    def judge(self, document, levels, case, keys=()):
        """levels: a letter for each signature; keys: those that made them."""
        tasks = {
            "qpdf": lambda: complaint_of_qpdf(document, case),
            "gs": lambda: complaint_of_ghostscript(document, case),
            "pdfsig": lambda: complaint_of_pdfsig(document, case, len(levels)),
            "pyhanko": lambda: complaint_of_pyhanko(self.bench, document, case, levels),
            "dss": lambda: complaint_of_dss(self.bench, document, case, levels, "ed25519" in keys),
        }
        if "ed25519" in keys:
            del tasks["pdfsig"]  # NSS does not know it
        for page, place in case.shown:
            tasks[f"place on page {page}"] = lambda page=page, place=place: complaint_of_place(document, page, place)
        for name, task in tasks.items():
            if name in case.not_for:
                continue
            if name in ("pyhanko", "dss"):
                self._note(name, document, task)
            else:
                self.running.append(self.workers.submit(self._note, name, document, task))

    def _note(self, name, document, task):
        try:
            complaint = task()
        except judges.Failure as failure:
            complaint = str(failure)
        kind = name.split(" ", maxsplit=1)[0]
        self.verdicts[kind] = self.verdicts.get(kind, 0) + 1
        if complaint:
            self.complaints.append(f"{name} of {document}: {complaint}")

    def end(self):
        """What they said, or Failure."""
        for one in self.running:
            one.result()
        self.workers.shutdown()
        if self.complaints:
            raise judges.Failure("\n".join(self.complaints))
        return ", ".join(f"{name} {count}" for name, count in sorted(self.verdicts.items()))


def unchanged(before, after):
    """The whole of one file is the beginning of the other."""
    begin = pathlib.Path(before).read_bytes()
    with open(after, "rb") as file:
        if file.read(len(begin)) != begin:
            raise judges.Failure(f"{after} does not begin with {before}")
