"""CAdES B-B and PAdES B-B by pyHanko through a PKCS#11 module: one seal, or many in one process.

    pyhanko_sealer.py FORM DOCUMENT OUTPUT     one seal: external, internal, pades or visible
    pyhanko_sealer.py                          lines of JSON, as sealbench.cc has them

Environment: MODULE, PIN, KEY (label of key and certificate on the token "seal"), CHAIN (PEM file with the issuers), TEXT
(of a visible seal).
"""
import asyncio
import json
import os
import sys
import time

from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.pkcs11 import PKCS11Signer, TokenCriteria, open_pkcs11_session


def seal_pdf(signer, visible, document, output):
    """A visible one with its default font, in a box as the other peers have it."""
    # Here, so that CAdES seals do not wait for them.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import TextStampStyle

    box = (36, 36, 216, 96) if visible else None
    sealer = PdfSigner(
        PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES), signer,
        stamp_style=TextStampStyle(stamp_text=os.environ["TEXT"]) if visible else None,
        new_field_spec=SigFieldSpec("Seal", on_page=0, box=box))
    with open(document, "rb") as content, open(output, "w+b") as out:
        sealer.sign_pdf(IncrementalPdfFileWriter(content), output=out)


def seal(signer, form, document, output):
    """Written, not synced."""
    if form in ("pades", "visible"):
        seal_pdf(signer, form == "visible", document, output)
        return
    with open(document, "rb") as content:
        message = asyncio.run(signer.async_sign_general_data(content, "sha256", detached=form == "external", use_cades=True))
    with open(output, "wb") as out:
        out.write(message.dump())


def answer(signer, request):
    """How long each took."""
    milliseconds = []
    began = time.monotonic()
    for document, output in zip(request["documents"], request["outputs"]):
        start = time.monotonic()
        seal(signer, request["form"], document, output)
        milliseconds.append(1e3 * (time.monotonic() - start))
    return {"milliseconds": milliseconds, "seconds": time.monotonic() - began}


def main():
    """As the arguments say."""
    session = open_pkcs11_session(os.environ["MODULE"], token_criteria=TokenCriteria(label="seal"), user_pin=os.environ["PIN"])
    try:
        signer = PKCS11Signer(session, cert_label=os.environ["KEY"], key_label=os.environ["KEY"],
                              ca_chain=load_certs_from_pemder([os.environ["CHAIN"]]))
        if sys.argv[1:]:
            seal(signer, *sys.argv[1:])
            return
        for line in sys.stdin:
            print(json.dumps(answer(signer, json.loads(line))), flush=True)
    finally:
        session.close()


main()
