"""Signatures by the parties of the lists: CAdES beside the document, with a time-stamp where a case wants one."""
import datetime
import pathlib

import messages
import pki
from asn1crypto import pem, x509
from cryptography.hazmat.primitives import serialization

DATA = b"Protocol of delivery 17\n"


class Party:
    """A certificate and its key, as messages.py wants them."""

    def __init__(self, name, issuer):
        self.key = serialization.load_pem_private_key(pathlib.Path(f"parties/{name}.key.pem").read_bytes(), None)
        self.der = pem.unarmor(pathlib.Path(f"parties/{name}.pem").read_bytes())[2]
        self.asn1 = x509.Certificate.load(self.der)
        self.subject, self.issuer = self.asn1.subject, issuer or self


class World:
    """All parties of a description."""

    def __init__(self, description):
        self.issuers = {one["name"]: one.get("issuer") for one in description["parties"]}
        self.known = {}

    def certificate(self, name):
        """By the party's name."""
        if name not in self.known:
            issuer = self.issuers[name]
            self.known[name] = Party(name, issuer and self.certificate(issuer))
        return self.known[name]

    def chain(self, name):
        """From the party up."""
        return [name] + (self.chain(self.issuers[name]) if self.issuers[name] else [])

    @staticmethod
    def anchors():
        """Every certificate goes into the messages."""
        return []


def write(world, file, signer, stamped=None, stamper="CZ stamper"):
    """A signature by this party, time-stamped at that moment, or without a time-stamp."""
    claimed = pki.moment(stamped) if stamped else datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    wish = {"by": signer, "signing_time": claimed - datetime.timedelta(seconds=5), "stamps": [{"by": stamper, "time": stamped}] if stamped else []}
    pathlib.Path(file).write_bytes(messages.message(world, wish, DATA))
