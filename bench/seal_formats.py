"""What differs between CAdES and PDF in bench/sealing: documents, the forms of seals, who makes them, who verifies them."""

import os
import re

from pdf_document import write_pdf
from seal_contenders import Dss, OpenSsl, PyHanko, PyHankoCommand, run
from seal_pdf_contenders import JSignPdf, OpenPdf, PdfSig

BLOCK = 16 * 1024 * 1024


class PyHankoCms(PyHankoCommand):
    """Its command makes no CAdES."""

    name = "pyHanko's command (CMS)"


class Cades:
    word = "cades"
    forms = ["external", "internal"]
    form = "external"  # of rows that have one form only
    suffix = ""
    batch_bytes = 4 * 1024
    peers = {"pyhanko": PyHanko, "dss": Dss, "openssl": OpenSsl}
    beside_growth = None  # who else makes seals whose bytes are counted

    def __init__(self, place):
        self.place = place

    def commands(self, peers):
        """Those that are programs for themselves alone."""
        return [PyHankoCms(self.place)] if any(isinstance(peer, PyHanko) for peer in peers) else []

    def write(self, file, size, sparse):
        with file.open("wb") as out:
            if sparse:
                out.truncate(size)
            for begin in range(0, 0 if sparse else size, BLOCK):
                out.write(os.urandom(min(BLOCK, size - begin)))

    def verify(self, form, seal, document):
        """By OpenSSL."""
        content = ["-content", document] if form == "external" else []
        run("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", seal, *content, "-CAfile",
            self.place.folder / "ca/ca.pem", "-purpose", "any", "-out", "/dev/null")


class Pdf:
    word = "pdf"
    forms = ["pades"]
    form = "pades"
    suffix = ".pdf"
    batch_bytes = 16 * 1024
    peers = {"pyhanko": PyHanko, "openpdf": OpenPdf, "jsignpdf": JSignPdf, "dss": Dss}
    beside_growth = PdfSig

    def __init__(self, place):
        self.place = place
        self.trust = f"sql:{place.folder / 'nss-trust'}"
        (place.folder / "nss-trust").mkdir()
        run("certutil", "-N", "-d", self.trust, "--empty-password")
        run("certutil", "-A", "-d", self.trust, "-n", "root", "-t", "C,C,C", "-i", place.folder / "ca/root.pem")
        run("certutil", "-A", "-d", self.trust, "-n", "issuing", "-t", ",,", "-i", place.chain)

    def commands(self, peers):
        """Those that are programs for themselves alone."""
        return [PyHankoCommand(self.place)] if any(isinstance(peer, PyHanko) for peer in peers) else []

    def write(self, file, size, sparse):
        write_pdf(file, size, sparse)

    def verify(self, form, seal, document):
        """By pdfsig, which reads what NSS trusts; the original bytes are still there."""
        report = run("pdfsig", "-nssdir", self.trust, "-no-ocsp", seal)
        for word in ("Signature is Valid", "Certificate is Trusted", "Total document signed"):
            if word not in report:
                raise SystemExit(f"bench: pdfsig does not say \"{word}\" of {seal}: {report}")
        run("cmp", "-n", document.stat().st_size, document, seal)

    def fonts(self, seal):
        """[name, "embedded", "subset" or "not embedded"] of those in the document."""
        fonts = []
        for line in run("pdffonts", seal).splitlines()[2:]:
            name = line.split()[0]
            embedded, subset = re.search(r" (yes|no) +(yes|no) +(?:yes|no) ", line).groups()
            how = "not embedded" if embedded == "no" else "subset" if subset == "yes" else "embedded"
            fonts.append([name.partition("+")[2] or name, how])  # a subset has a tag in front of its name
        return fonts


FORMATS = {"cades": Cades, "pdf": Pdf}
