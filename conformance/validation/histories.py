"""Makes the documents of the table: folders with doc.pdf or doc.p7s (and data, where the message is external), trust/, crls/, ocsps/,
and expected.json.

A history has `certificates` (pki.py), `steps` in their order, `fresh` (what is known at the validation time: "all": a CRL of each
authority two hours before it; or lists under crls and ocsps), `upto` (the last
step that is done) and `format`: pdf (default), cades, cades-internal, token. A case
takes a history and changes it by `set: {"steps.seal.hash": sha1}`; a null deletes.
"""
import copy
import datetime
import json

from asn1crypto import pem

import messages
import pdf
import pki

STAMPS = {"P": "PASSED", "I": "INDETERMINATE", "F": "FAILED"}
TWO_HOURS = datetime.timedelta(hours=2)


def _merged(history, changes):
    """The history with what the case changes, by paths with dots."""
    merged = copy.deepcopy(history)
    for path, value in (changes or {}).items():
        place = merged
        *parents, last = path.split(".")
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if isinstance(place, list):
            place[int(last)] = value
        elif value is None:
            del place[last]
        else:
            place[last] = value
    return merged


class Maker:
    """One case's document and what is beside it."""

    def __init__(self, case, histories):
        self.case = case
        self.history = _merged(histories[case["history"]], case.get("set"))
        self.world = pki.World(self.history["certificates"])
        self.at = pki.moment(case["at"])

    def document(self):
        """{file name: bytes}"""
        form = self.history.get("format", "pdf")
        if form == "pdf":
            return {"doc.pdf": self._pdf()}
        content = b"Protocol of delivery 17\n" * 20
        step = next(iter(self.history["steps"].values()))
        if form == "token":
            return {"doc.tst": messages.token(self.world, step, content), "data": content}
        for one in [step] + step.get("also", []):  # EN 319 122-1, table 1: CAdES baseline demands the attribute
            one.setdefault("signing_time", self._claimed(one))
        signed = messages.message(self.world, step, content, form == "cades")
        if self.history.get("tamper") == "content":
            signed, content = signed.replace(b"delivery 17", b"delivery 71"), content.replace(b"17", b"71", 1)
        if self.history.get("tamper") == "cut":
            signed = signed[:len(signed) // 2]
        if form == "cades-internal":
            return {"doc.p7m": signed}
        return {"doc.p7s": signed} if self.history.get("tamper") == "no-data" else {"doc.p7s": signed, "data": content}

    def _pdf(self):
        document = pdf.Document(self.history.get("streams", False))
        for name, step in self.history["steps"].items():
            self._step(document, step, name)
            if name == self.history.get("upto"):
                break
        data = document.data
        for way in self.history.get("tamper", []):
            how, _, which = way.partition("@")
            data = pdf.tamper(data, how, int(which or 0))
        return data

    def _step(self, document, step, name):
        kind = step["kind"]
        if kind == "seal":
            document.sign(lambda covered: messages.message(self.world, step, covered), name=name, docmdp=step.get("docmdp"),
                          sub_filter=step.get("sub_filter", "ETSI.CAdES.detached"),
                          time=self._claimed(step), texts=step.get("texts", {}).items())
        elif kind == "stamp":
            document.sign(lambda covered: messages.token(self.world, step, covered), "ETSI.RFC3161", "DocTimeStamp", name)
        elif kind == "dss":
            document.add_validation_data([self.world.certificate(one).der for one in step.get("certificates", [])],
                                         *self._data(step))
        elif kind == "change":
            document.change(step["what"])
        elif kind == "form":
            document.add_text_field()
        elif kind == "fill":
            document.fill(step["value"])
        else:
            raise ValueError(f"there is no step {kind}")

    def _claimed(self, step):
        """The time that the signer claims: that of `claimed`, or a little before the first time-stamp or the control time."""
        if "claimed" in step:
            return step["claimed"] and pki.moment(step["claimed"])
        times = [pki.moment(stamp["time"]) for stamp in step.get("stamps", [])]
        return min(times, default=self.at) - datetime.timedelta(seconds=3)

    def _data(self, wish):
        return [[messages.world_data(self.world, kind, entry) for entry in wish.get(kind, [])] for kind in ("crls", "ocsps")]

    def fresh(self):
        """CRLs and OCSP answers that are known at the validation time."""
        wish = self.history.get("fresh", "all")
        if wish == "all":
            wish = {"crls": [{"of": name, "time": self.at - TWO_HOURS} for name in self.world.authorities()]}
        return self._data(wish)

    def expected(self):
        """In the form of the examples' expected.json."""
        case = self.case
        indication, _, sub = case["verdict"].partition("/")
        facts = {"validation_time": pki.text(self.at), "indication": indication, "sub_indication": sub, "reason": case["why"],
                 "clause": case["clause"], "options": case.get("options", [])}
        if "level" in case:
            facts["level"] = case["level"]
        if "best" in case:  # null, as in the examples: the validation time
            facts["best_signature_time"] = None if case["best"] == "now" else pki.text(pki.moment(case["best"]))
        if "until" in case:
            facts["until"] = pki.text(pki.moment(case["until"]))
        until = {f"{number}.pem": pki.text(pki.moment(self.history["certificates"][name]["trusted_until"]))
                 for number, name in enumerate(self.world.anchors()) if "trusted_until" in self.history["certificates"][name]}
        if until:
            facts["trusted_until"] = until
        if "each" in case:
            facts["signatures"] = case["each"]
        if "stamps" in case:
            facts["time_stamps"] = [{"result": STAMPS[one[0]] + one[1:]} for one in case["stamps"].split()]
        return facts

    def write(self, folder):
        """Everything of the case, into this empty folder."""
        folder.mkdir(parents=True)
        for name, data in self.document().items():
            (folder / name).write_bytes(data)
        for kind, values in zip(("crls", "ocsps"), self.fresh()):
            (folder / kind).mkdir()
            for number, der in enumerate(values):
                (folder / kind / f"{number}.{kind[:-1]}").write_bytes(der)
        (folder / "trust").mkdir()
        for number, name in enumerate(self.world.anchors()):
            (folder / "trust" / f"{number}.pem").write_bytes(_pem(self.world.certificate(name).der))
        (folder / "expected.json").write_text(json.dumps(self.expected(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _pem(der):
    return pem.armor("CERTIFICATE", der)
