#!/usr/bin/env python3
"""A client that zeep makes of the emulator's own WSDL, with SOAP 1.1 and 1.2."""
import hashlib

import requests
import scene
import zeep
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils

PKCS1 = "urn:ietf:rfc:2437:RSASSA-PKCS1-v1_5"
HASH_ONLY_SHA256 = 0x400 | 0x4000
NAMES = "http://arx.com/SAPIWS/DSS/1.0/"


def client_of(url, port):
    session = requests.Session()
    session.trust_env = False  # a certificate bundle in the environment would come before this one
    session.verify = str(scene.os.environ["SSL_CERT_FILE"])
    made = zeep.Client(f"{url}?WSDL", transport=zeep.Transport(session=session))
    return made.bind(port[:-4] if port.endswith("Soap") else port[:-6], port)


def identity(password=scene.PASSWORD, **more):
    return {"Name": scene.USER, "SupportingInfo": {"LogonPassword": password, **more}}


def succeeded(answer):
    assert answer.Result.ResultMajor.endswith(":Success"), answer
    return answer


def try_dss(port, certificate):
    dss = client_of(scene.DSS, port)
    info = succeeded(dss.DssVerify({"OptionalInputs": {"SignatureType": NAMES + "cosign-info"}}))
    assert info.OptionalOutputs.CoSignInfo.Major == 8 and info.OptionalOutputs.CoSignInfo.ServerKind == 2
    assert succeeded(dss.DssVerify({"OptionalInputs": {"SignatureType": NAMES + "time-get"}})).OptionalOutputs.SAPITime
    issuers = succeeded(dss.DssVerify({"OptionalInputs": {"SignatureType": NAMES + "ca-info-get"}}))
    assert len(issuers.OptionalOutputs.CAInfo.CACertificate) == 1

    digest = hashlib.sha256(b"data").digest()
    chosen = {"KeyInfo": {"_value_1": [{"X509Data": {"_value_1": [{"X509Certificate": certificate}]}}]}}
    made = succeeded(dss.DssSign({
        "RequestID": "zeep",
        "OptionalInputs": {"ClaimedIdentity": identity(), "SignatureType": PKCS1, "KeySelector": chosen,
                           "Flags": HASH_ONLY_SHA256},
        "InputDocuments": {"Document": {"Base64Data": {"_value_1": digest, "MimeType": "application/octet-string"}}},
    }))
    assert made.RequestID == "zeep"
    signature = made.SignatureObject.Base64Signature
    assert signature.Type == PKCS1
    x509.load_der_x509_certificate(certificate).public_key().verify(
        signature._value_1, digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
    verified = succeeded(dss.DssVerify({
        "OptionalInputs": {"SignatureType": PKCS1, "Flags": HASH_ONLY_SHA256, "KeySelector": chosen},
        "InputDocuments": {"Document": {"Base64Data": {"_value_1": digest}}},
        "SignatureObject": {"Base64Signature": {"_value_1": signature._value_1}},
    }))
    assert verified.Result.ResultMinor.endswith(":valid:signature:onAllDocuments")

    refused = dss.DssSign({"OptionalInputs": {"ClaimedIdentity": identity("wrong"), "SignatureType": PKCS1}})
    assert "900201e0" in refused.Result.ResultMessage._value_1, refused


def try_spml(port):
    spml = client_of(scene.SPML, port)
    admin = {"User": "admin", "Password": scene.PASSWORD}
    record = {"UserLoginName": "new", "Password": "secret word", "UserCN": "Somebody", "RightsMask": 1, "UserKind": "User"}
    # Arguments by name: WSDL's "add", "delete" and the like are operations, not methods of Python's.
    call = {name: getattr(spml, name) for name in ("add", "lookup", "search", "delete", "setPassword")}
    added = call["add"](addRequest={"CoSignLogonData": admin, "psoID": {"ID": "new"}, "UserRecord": record})
    assert added.status == "success" and added.pso.psoID.ID == "new", added
    found = call["lookup"](lookupRequest={"CoSignLogonData": admin, "psoID": {"ID": "new"}})
    assert found.pso.UserRecord.UserCN == "Somebody", found
    listed = call["search"](searchRequest={"CoSignLogonData": admin, "maxSelect": 2})
    assert [one.psoID.ID for one in listed.pso] == ["admin", "new"] and listed.iterator.ID == "new", listed
    changed = call["setPassword"](
        setPasswordRequest={"CoSignLogonData": admin, "psoID": {"ID": "new"}, "password": "another word"})
    assert changed.status == "success", changed
    gone = call["delete"](deleteRequest={"CoSignLogonData": admin, "psoID": {"ID": "new"}})
    assert gone.status == "success", gone
    try:
        call["lookup"](lookupRequest={"CoSignLogonData": {**admin, "User": scene.USER}, "psoID": {"ID": "new"}})
    except zeep.exceptions.Fault as fault:
        assert fault.message == "Exception occured", fault
    else:
        raise AssertionError("a plain user administers accounts")


def main():
    certificate, _ = scene.certify()
    scene.account("admin", "--add", "--admin", "--password-file", scene.os.environ["SAPIWS_PASSWORD_FILE"])
    for port in ("DSSSoap", "DSSSoap12"):
        try_dss(port, certificate)
    for port in ("SPMLSoap", "SPMLSoap12"):
        try_spml(port)


if __name__ == "__main__":
    main()
