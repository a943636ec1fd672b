"""CAdES B-B by pyHanko through a PKCS#11 module: one seal, or many in one process.

    pyhanko_sealer.py external|internal DOCUMENT OUTPUT     one seal
    pyhanko_sealer.py                                       lines of JSON, as sealbench.cc has them

Environment: MODULE, PIN, KEY (label of key and certificate on the token "seal"), CHAIN (PEM file with the issuers).
"""
import asyncio
import json
import os
import sys
import time

from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.pkcs11 import PKCS11Signer, TokenCriteria, open_pkcs11_session


def seal(signer, form, document, output):
    """Written, not synced."""
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
