"""Signs a file with every key and scheme, by digest as well, makes a key pair, and leaves signatures as files."""
import hashlib
import os
import sys

import PyKCS11
from PyKCS11 import (
    CKA_CLASS,
    CKA_EC_POINT,
    CKA_ID,
    CKA_KEY_TYPE,
    CKA_LABEL,
    CKA_MODULUS_BITS,
    CKA_PRIVATE,
    CKA_PUBLIC_EXPONENT,
    CKA_SIGN,
    CKA_TOKEN,
    CKA_VALUE,
    CKA_VERIFY,
    CKK_RSA,
    CKO_CERTIFICATE,
    CKO_PRIVATE_KEY,
    CKO_PUBLIC_KEY,
)


def der_integer(value):
    body = value.lstrip(b"\0") or b"\0"
    if body[0] & 0x80:
        body = b"\0" + body
    return bytes([2, len(body)]) + body


def der_ecdsa(raw):
    half = len(raw) // 2
    body = der_integer(raw[:half]) + der_integer(raw[half:])
    return bytes([0x30, len(body)]) + body


def mechanism(name):
    return getattr(PyKCS11, f"CKM_{name}")


def sign_rsa(session, key, document, label):
    for bits in (256, 384, 512):
        pkcs1 = session.sign(key, document, PyKCS11.Mechanism(mechanism(f"SHA{bits}_RSA_PKCS")))
        yield f"{label}.pkcs1.sha{bits}", bytes(pkcs1)
        parameters = mechanism(f"SHA{bits}"), getattr(PyKCS11, f"CKG_MGF1_SHA{bits}"), bits // 8
        pss = PyKCS11.RSA_PSS_Mechanism(mechanism(f"SHA{bits}_RSA_PKCS_PSS"), *parameters)
        yield f"{label}.pss.sha{bits}", bytes(session.sign(key, document, pss))


def sign_ec(session, key, document, label):
    for bits in (256, 384, 512):
        digest = hashlib.new(f"sha{bits}", document).digest()
        raw = session.sign(key, digest, PyKCS11.Mechanism(PyKCS11.CKM_ECDSA))
        yield f"{label}.ecdsa.sha{bits}", der_ecdsa(bytes(raw))


def find(session, object_class, label):
    (found,) = session.findObjects([(CKA_CLASS, object_class), (CKA_LABEL, label)])
    return found


def make_key(session, label):
    identity = b"\x21"
    public = [
        (CKA_TOKEN, True),
        (CKA_LABEL, label),
        (CKA_ID, identity),
        (CKA_MODULUS_BITS, 2048),
        (CKA_PUBLIC_EXPONENT, (1, 0, 1)),
        (CKA_VERIFY, True),
    ]
    private = [(CKA_TOKEN, True), (CKA_PRIVATE, True), (CKA_LABEL, label), (CKA_ID, identity), (CKA_SIGN, True)]
    session.generateKeyPair(public, private)
    key = find(session, CKO_PRIVATE_KEY, label)
    assert session.getAttributeValue(key, [CKA_KEY_TYPE]) == [CKK_RSA]
    return key


def main():
    with open(sys.argv[1], "rb") as file:
        document = file.read()
    library = PyKCS11.PyKCS11Lib()
    library.load(os.environ["MODULE"])
    (slot,) = (s for s in library.getSlotList(tokenPresent=True) if library.getTokenInfo(s).label.strip() == "seal")
    session = library.openSession(slot, PyKCS11.CKF_SERIAL_SESSION | PyKCS11.CKF_RW_SESSION)
    session.login(os.environ["PIN"])
    signatures = [
        *sign_rsa(session, find(session, CKO_PRIVATE_KEY, "seal-rsa"), document, "seal-rsa"),
        *sign_rsa(session, find(session, CKO_PRIVATE_KEY, "seal-rsa4096"), document, "seal-rsa4096"),
        *sign_ec(session, find(session, CKO_PRIVATE_KEY, "seal-ec"), document, "seal-ec"),
    ]
    for name, signature in signatures:
        with open(f"{name}.sig", "wb") as out:
            out.write(signature)

    for label in ("seal-rsa", "seal-ec"):
        certificate = find(session, CKO_CERTIFICATE, label)
        with open(f"{label}.again.der", "wb") as out:
            out.write(bytes(session.getAttributeValue(certificate, [CKA_VALUE])[0]))
    point = session.getAttributeValue(find(session, CKO_PUBLIC_KEY, "seal-ec"), [CKA_EC_POINT])[0]
    assert len(point) == 2 + 65, len(point)

    made = make_key(session, "pykcs11-rsa")
    digest = PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS)
    signature = session.sign(made, document, digest)
    assert session.verify(find(session, CKO_PUBLIC_KEY, "pykcs11-rsa"), document, signature, digest)
    session.destroyObject(made)
    assert not session.findObjects([(CKA_LABEL, "pykcs11-rsa")])
    session.logout()
    session.closeSession()


main()
