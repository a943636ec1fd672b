"""The certificates of one case of the table, the document that they sealed, and the addresses that have something about them. Nothing of
Signet takes part."""
import datetime
import pathlib
import sys

from asn1crypto import pem

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "validation"))

import messages
import pdf
import pki

DAY = datetime.timedelta(days=1)


def now():
    """In whole seconds, as CRLs and answers have it."""
    return datetime.datetime.now(pki.UTC).replace(microsecond=0)


def _seconds(number):
    return datetime.timedelta(seconds=number)


class World:
    """One case: {ocsp: [...], crl: [...], issuer: [...]} are answers, each of which gets an address in the signer's certificate.

    An answer is a way of loopback.Handler ("hang"), "down" (nobody listens), "elsewhere" (a host that must not be asked), or facts of
    pki.World.ocsp() and crl(); besides age (s since its thisUpdate, 0 by default: made when it is asked for), good_for (s until
    nextUpdate), way (of Handler), and until: [N, answer], which is given to the first N requests.
    """

    def __init__(self, case, server):
        self.case, self.server, self.began = case, server, now()
        self.base = f"/{case['case']}"
        self.pki = pki.World(self._certificates())
        for name in "root", "stamps":
            server.sources[f"{self.base}/{name}.crl"] = self._source("crl", {"of": name})
        server.sources[f"{self.base}/responders.crl"] = self._source("crl", {"of": "ca", "age": 60})
        server.sources[f"{self.base}/tsa"] = self._stamp
        for kind in "ocsp", "crl", "issuer":
            for number, answer in enumerate(case.get(kind, [])):
                server.sources[f"{self.base}/{kind}{number}"] = self._source(kind, answer)

    def url(self, name):
        """Of an address of this case."""
        return f"{self.server.url}{self.base}/{name}"

    def _addresses(self, kind):
        for number, answer in enumerate(self.case.get(kind, [])):
            if answer == "down":
                yield f"{self.server.down()}/{kind}{number}"
            elif answer == "elsewhere":
                yield f"http://elsewhere.invalid/{kind}{number}"
            else:
                yield self.url(f"{kind}{number}")

    def _certificates(self):
        dates = {"from": self.began - 30 * DAY, "to": self.began + 900 * DAY}
        signer = dates | {"role": "signer", "issuer": "ca", "ocsp_at": list(self._addresses("ocsp")),
                          "crl_at": list(self._addresses("crl")), "issuer_at": list(self._addresses("issuer"))}
        responder = dates | {"role": "ocsp", "issuer": "ca"}
        listed = {"crl_at": [self.url("responders.crl")]}
        certificates = {
            "root": dates | {"role": "ca"}, "ca": dates | {"role": "ca", "issuer": "root", "crl_at": [self.url("root.crl")]},
            "signer": signer, "another": dates | {"role": "signer", "issuer": "ca"},
            "stamps": dates | {"role": "ca"}, "unit": dates | {"role": "tsu", "issuer": "stamps", "crl_at": [self.url("stamps.crl")]},
            "stranger": dates | {"role": "ca", "anchor": False},
            "lists": dates | {"role": "ca", "issuer": "root", "crl_at": [self.url("root.crl")]},
            "responder": responder | {"nocheck": True}, "listed": responder | listed, "unlisted": responder,
            "ended": responder | {"nocheck": True, "to": self.began - DAY},
            "dismissed": responder | listed | {"revoked": self.began - DAY},
            "foreign": responder | {"nocheck": True, "issuer": "stranger"}, "cousin": responder | {"nocheck": True, "issuer": "root"}}
        for name, changes in self.case.get("certificates", {}).items():
            certificates[name] |= changes
            for key in {"revoked"} & set(changes):  # s before the case began
                certificates[name][key] = self.began - _seconds(changes[key])
        if self.case.get("delta"):
            certificates["signer"]["delta_at"] = [self.url("delta.crl")]
        return certificates

    def _source(self, kind, answer):
        # A large list takes longer to make than a client waits.
        ready = self._made(kind, answer) if "large" in answer else None

        def give(_query, number):
            chosen = answer
            if isinstance(answer, dict) and "until" in answer:
                times, first = answer["until"]
                chosen = first if number <= times else answer
            if isinstance(chosen, str):
                return chosen, self._made(kind, {})
            return chosen.get("way", "good"), ready or self._made(kind, chosen)
        return give

    def _made(self, kind, facts):
        if kind == "issuer":
            return self._issuers(facts)
        time = now() - _seconds(facts.get("age", 0))
        wish = {"of": "signer" if kind == "ocsp" else "ca", "by": "responder", "time": time}
        wish |= {key: value for key, value in facts.items() if key not in ("age", "good_for", "until", "way")}
        if "good_for" in facts:
            wish["next"] = time + _seconds(facts["good_for"])
        if facts.get("refusal"):  # tryLater
            return bytes.fromhex("30030a0103")
        return self.pki.ocsp(wish) if kind == "ocsp" else self.pki.crl(wish)

    def _issuers(self, facts):
        der = self.pki.certificate(facts.get("of", "ca")).der
        if facts.get("form") == "pem":
            return pem.armor("CERTIFICATE", der)
        if facts.get("form") == "p7c":  # RFC 5280, 4.2.2.1
            return messages.certificates_only([self.pki.certificate("another"), self.pki.certificate("ca")])
        return der

    def _stamp(self, query, _number):
        if "stamp" in self.case:
            return self.case["stamp"], b""
        return "good", messages.reply(self.pki, {"by": "unit", "time": now()}, query)

    def document(self):
        """(file's name, bytes)"""
        time = self.began - _seconds(5)
        seal = {"by": "signer", "signing_time": time}
        if "with" in self.case:
            seal["certificates"] = self.case["with"]
        content = b"Protocol of delivery 17\n" * 20
        if self.case.get("format") == "cades":
            return "doc.p7m", messages.message(self.pki, seal, content, False)
        document = pdf.Document(self.case.get("streams", False))
        del seal["signing_time"]  # PAdES has it in the dictionary
        document.sign(lambda covered: messages.message(self.pki, seal, covered), time=time)
        return "doc.pdf", document.data

    def anchors(self):
        """{file's name: PEM}"""
        return {f"{name}.pem": self.certificate(name) for name in self.pki.anchors()}

    def certificate(self, name):
        """PEM."""
        return pem.armor("CERTIFICATE", self.pki.certificate(name).der)
