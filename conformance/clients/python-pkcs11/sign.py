"""Signs a file with every key and scheme, makes a key pair of each kind, and leaves all signatures as files."""
import os
import sys

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.mechanisms import MGF
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

HASHES = [256, 384, 512]


def pss_parameter(bits):
    return getattr(Mechanism, f"SHA{bits}"), getattr(MGF, f"SHA{bits}"), bits // 8


def sign_all(key, document, name):
    if key.key_type == KeyType.RSA:
        for bits in HASHES:
            yield f"{name}.pkcs1.sha{bits}", key.sign(document, mechanism=getattr(Mechanism, f"SHA{bits}_RSA_PKCS"))
            yield f"{name}.pss.sha{bits}", key.sign(
                document,
                mechanism=getattr(Mechanism, f"SHA{bits}_RSA_PKCS_PSS"),
                mechanism_param=pss_parameter(bits),
            )
    else:
        for bits in HASHES:
            signature = key.sign(document, mechanism=getattr(Mechanism, f"ECDSA_SHA{bits}"))
            yield f"{name}.ecdsa.sha{bits}", encode_ecdsa_signature(signature)


def make_keys(session):
    rsa = session.generate_keypair(KeyType.RSA, 2048, store=True, id=b"\x11", label="python-rsa")
    curve = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}, local=True
    )
    ec = curve.generate_keypair(store=True, id=b"\x12", label="python-ec")
    return {"python-rsa": encode_rsa_public_key(rsa[0]), "python-ec": encode_ec_public_key(ec[0])}


def main():
    document = open(sys.argv[1], "rb").read()
    token = pkcs11.lib(os.environ["MODULE"]).get_token(token_label="seal")
    with token.open(rw=True, user_pin=os.environ["PIN"]) as session:
        for name, public_key in make_keys(session).items():
            with open(f"{name}.pub.der", "wb") as out:
                out.write(public_key)
        for label in ("seal-rsa", "seal-rsa4096", "seal-ec", "python-rsa", "python-ec"):
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
            for name, signature in sign_all(key, document, label):
                with open(f"{name}.sig", "wb") as out:
                    out.write(signature)
        for certificate in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
            print("certificate:", certificate[Attribute.LABEL], len(certificate[Attribute.VALUE]), "bytes")
        for label in ("python-rsa", "python-ec"):
            session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label).destroy()


main()
