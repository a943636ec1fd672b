#!/usr/bin/env python3
"""revenant, a client of the appliance's SOAP service that was written against a real one, through the emulator: it
enumerates certificates, signs documents, hashes and data, and lets the service verify; openssl and revenant itself judge
the signatures.

    revenant_test.py DOCUMENT HASH      HASH: by which the emulated firmware signs documents
"""
import hashlib
import pathlib
import sys

import revenant
import scene
from revenant.core.pdf import verify_all_embedded_signatures
from revenant.errors import AuthError, ServerError
from revenant.network.soap_transport import SoapSigningTransport, enum_certificates, verify_pdf_server

TIMEOUT = 30


def main():
    document = pathlib.Path(sys.argv[1]).read_bytes()
    certificate, authority = scene.certify()
    login = (scene.USER, scene.PASSWORD)
    assert enum_certificates(scene.DSS, *login, TIMEOUT) == [certificate]

    detached = revenant.sign_detached(document, *login, url=scene.DSS)
    scene.verify_cms(detached, document, authority)
    client = SoapSigningTransport(scene.DSS)
    scene.verify_cms(client.sign_hash(hashlib.sha1(b"data").digest(), *login, TIMEOUT), b"data", authority)

    sealed = revenant.sign(document, *login, url=scene.DSS, visible=False)
    assert all(result["valid"] for result in verify_all_embedded_signatures(sealed))
    verdict = verify_pdf_server(scene.DSS, sealed, TIMEOUT)
    assert verdict.valid and verdict.signer_name == "Seal" and verdict.certificate_status == "NotChecked", verdict
    assert verify_pdf_server(scene.DSS, document, TIMEOUT).signer_name is None

    for wrong, error, text in (("wrong", AuthError, "900201e0"), ("", AuthError, "900201e0")):
        try:
            enum_certificates(scene.DSS, scene.USER, wrong, TIMEOUT)
        except error as refused:
            assert text in str(refused), refused
        else:
            raise AssertionError("a wrong password was taken")

    scene.fault({"kind": "status", "status": 200, "sapiCode": "0x90030384"})
    try:
        client.sign_data(b"data", *login, TIMEOUT)
    except ServerError as refused:
        assert "90030384" in str(refused), refused
    else:
        raise AssertionError("an injected failure was not seen")

    made = scene.journal()
    assert [entry["dialect"] for entry in made] == ["sapiws"] * 3, made
    assert [entry["hash"] for entry in made] == [sys.argv[2], "SHA-1", sys.argv[2]], made
    requests = scene.counters()["requestsByRoute"]
    assert requests["POST /SAPIWS/dss.asmx DssVerify"] == 2, requests


if __name__ == "__main__":
    main()
