"""Certification and time-stamp authorities that come and go with the years, which one server on loopback (conformance/validation/loopback.py)
answers for at a simulated time: /tsa/UNIT, /crl/AUTHORITY, /ocsp/AUTHORITY, /cer/AUTHORITY.

A certificate is described as in conformance/validation/pki.py; an authority's description has more words:
    responder     the name of the certificate that signs its OCSP answers; without it the authority issues CRLs
    keeps_ended   its CRLs speak for certificates that have ended since then (expiredCertsOnCRL)
    gone          from then on its server answers nothing
and a time-stamp unit's: stamps, what its tokens are made with (messages.token).
"""
import contextlib
import datetime
import threading

from asn1crypto import ocsp, pem

import loopback
import messages
import pki

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


class Authorities:
    """All of them. `now` is the simulated time, which stands still."""

    def __init__(self, wishes, server):
        self.now = pki.moment("2000-01-01")
        self.lock = threading.Lock()  # asn1crypto reads values when they are asked for
        self.address = server.url
        self.world = pki.World({name: self._with_addresses(wish, wishes) for name, wish in wishes.items()})
        for name in wishes:
            for kind, answer in (("crl", lambda name, _: self.crl(name, self.now)), ("ocsp", self.asked_about), ("tsa", self.stamp),
                                 ("cer", lambda name, _: self.world.certificate(name).der)):
                server.sources[f"/{kind}/{name}"] = self._source(name, answer)

    def _source(self, name, answer):
        def give(query, _number):
            if not self.is_there(name, self.now):
                return "missing", b""
            with self.lock:
                return "good", answer(name, query)
        return give

    def _with_addresses(self, wish, wishes):
        if "issuer" not in wish or wish["role"] == "ocsp":
            return wish
        issuer = wish["issuer"]
        way = "ocsp" if "responder" in wishes[issuer] else "crl"
        return wish | {f"{way}_at": [f"{self.address}/{way}/{issuer}"], "issuer_at": [f"{self.address}/cer/{issuer}"]}

    def pem(self, *names):
        """Certificates of these names."""
        return b"".join(pem.armor("CERTIFICATE", self.world.certificate(name).der) for name in names)

    def is_there(self, name, moment):
        """Whether it is valid then, and its server answers."""
        wish = self.world.wishes[name]
        return pki.moment(wish["from"]) <= moment < pki.moment(wish.get("gone", wish["to"]))

    def crl(self, name, moment):
        """What it published at the last full hour."""
        wish = self.world.wishes[name]
        published = moment.replace(minute=0, second=0, microsecond=0)
        kept = {"keeps_ended": wish["keeps_ended"]} if "keeps_ended" in wish else {}
        return self.world.crl({"of": name, "time": published, "next": published + DAY, "hash": wish.get("hash", "sha256")} | kept)

    def answer(self, name, moment, cert_hash="sha1"):
        """OCSP, about this certificate."""
        responder = self.world.wishes[self.world.wishes[name]["issuer"]]["responder"]
        return self.world.ocsp({"of": name, "by": responder, "time": moment, "next": moment + DAY, "cert_hash": cert_hash})

    def known(self, moment):
        """(CRLs, OCSP answers) of whoever is there then."""
        wishes = self.world.wishes
        issuing = [name for name, wish in wishes.items() if wish["role"] == "ca" and self.is_there(name, moment)]
        crls = [self.crl(name, moment) for name in issuing if "responder" not in wishes[name]]
        asked = [name for name, wish in wishes.items() if wish.get("issuer") in issuing and "ocsp_at" in wish
                 and self.is_there(name, moment)]
        return crls, [self.answer(name, moment) for name in asked]

    def stamp(self, unit, query):
        """The answer to an RFC 3161 request."""
        wish = self.world.wishes[unit].get("stamps", {}) | {"by": unit, "time": self.now}
        return messages.reply(self.world, wish, query)

    def asked_about(self, issuer, query):
        """The answer to an OCSP request."""
        one = ocsp.OCSPRequest.load(query)["tbs_request"]["request_list"][0]["req_cert"]
        number = one["serial_number"].native
        name = next(name for name, wish in self.world.wishes.items()
                    if wish.get("issuer") == issuer and self.world.certificate(name).asn1.serial_number == number)
        return self.answer(name, self.now, one["hash_algorithm"]["algorithm"].native)


@contextlib.contextmanager
def serving(wishes):
    """The authorities, answering."""
    with loopback.Server() as server:
        yield Authorities(wishes, server)
