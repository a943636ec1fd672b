"""Certification and time-stamp authorities that come and go with the years, and one server on the loopback network that answers for all
of them at a simulated time: /tsa/UNIT, /crl/AUTHORITY, /ocsp/AUTHORITY, /cer/AUTHORITY.

A certificate is described as in conformance/validation/pki.py; an authority's description has more words:
    responder     the name of the certificate that signs its OCSP answers; without it the authority issues CRLs
    keeps_ended   its CRLs speak for certificates that have ended since then (expiredCertsOnCRL)
    gone          from then on its server answers nothing
and a time-stamp unit's: stamps, what its tokens are made with (messages.token).
"""
import contextlib
import datetime
import http.server
import threading

from asn1crypto import ocsp, pem

import messages
import pki

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


class Authorities:
    """All of them. `now` is the simulated time, which stands still."""

    def __init__(self, wishes):
        self.now = pki.moment("2000-01-01")
        self.lock = threading.Lock()  # asn1crypto reads values when they are asked for
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.authorities = self
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.world = pki.World({name: self._with_addresses(wish, wishes) for name, wish in wishes.items()})

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
        """(name, hash) of an OCSP request's certificate."""
        one = ocsp.OCSPRequest.load(query)["tbs_request"]["request_list"][0]["req_cert"]
        number = one["serial_number"].native
        name = next(name for name, wish in self.world.wishes.items()
                    if wish.get("issuer") == issuer and self.world.certificate(name).asn1.serial_number == number)
        return name, one["hash_algorithm"]["algorithm"].native


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Nothing."""

    def _send(self, status, body, kind="application/octet-stream"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _wanted(self, *kinds):
        """(kind, name), of an authority that is there; None where the answer is given already."""
        all_of_them = self.server.authorities
        _, _, path = self.path.partition("/")
        kind, _, name = path.partition("/")
        if kind in kinds and name in all_of_them.world.wishes and all_of_them.is_there(name, all_of_them.now):
            return kind, name
        self._send(404, b"")
        return None

    def do_GET(self):  # pylint: disable=invalid-name
        """CRLs and issuers' certificates."""
        wanted = self._wanted("crl", "cer")
        if wanted:
            kind, name = wanted
            authorities = self.server.authorities
            with authorities.lock:
                body = authorities.crl(name, authorities.now) if kind == "crl" else authorities.world.certificate(name).der
            self._send(200, body)

    def do_POST(self):  # pylint: disable=invalid-name
        """Time-stamps and OCSP answers."""
        query = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = self._wanted("tsa", "ocsp")
        if wanted:
            kind, name = wanted
            with self.server.authorities.lock:
                body = self._answer(self.server.authorities, kind, name, query)
            self._send(200, body, {"tsa": "application/timestamp-reply", "ocsp": "application/ocsp-response"}[kind])

    @staticmethod
    def _answer(authorities, kind, name, query):
        if kind == "tsa":
            return authorities.stamp(name, query)
        about, cert_hash = authorities.asked_about(name, query)
        return authorities.answer(about, authorities.now, cert_hash)


@contextlib.contextmanager
def serving(wishes):
    """The authorities, answering."""
    authorities = Authorities(wishes)
    thread = threading.Thread(target=authorities.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authorities
    finally:
        authorities.server.shutdown()
        authorities.server.server_close()
        thread.join()
