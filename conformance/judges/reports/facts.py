"""What a validation report of ETSI TS 119 102-2 says, as flat facts, whoever wrote it: {path: value}.

Ids are replaced by what they stand for: a certificate, a CRL, an OCSP answer or a token by the SHA-256 of its bytes, a signature
by its value, so that two reports about one document have the same paths.
"""
import base64
import hashlib
import xml.etree.ElementTree

NAMESPACE = "{http://uri.etsi.org/19102/v1.4.1#}"
URNS = ("urn:etsi:019102:", "urn:oid:")
# Sentences and constraints have words of their program's own.
LEFT_OUT = {"AdditionalValidationReportData", "ValidationConstraintsEvaluationReport"}


def _name(element):
    return element.tag.rpartition("}")[2]


def _text(element):
    text = (element.text or "").strip()
    for urn in URNS:
        text = text.removeprefix(urn)
    return text


def _digest(representation):
    """Hexadecimal, of an object's bytes or as its digest is given."""
    for element in representation.iter():
        if _name(element) == "base64":
            return hashlib.sha256(base64.b64decode(element.text)).hexdigest()
        if _name(element) == "DigestValue":
            return base64.b64decode(element.text).hex()
    return "?"


class Facts(dict):
    """Of one report, a string of XML."""

    def __init__(self, text):
        super().__init__()
        self.root = xml.etree.ElementTree.fromstring(text)
        self.names = {}  # id: what it stands for
        for element in self.root.iter(NAMESPACE + "ValidationObject"):
            if identifier := element.get("id"):
                kind = _text(element.find(NAMESPACE + "ObjectType")).removeprefix("validationObject:")
                digest = _digest(element.find(NAMESPACE + "ValidationObjectRepresentation"))
                self.names[identifier] = kind if kind == "signedData" else f"{kind} {digest[:16]}"
        for element in self.root.iter(NAMESPACE + "SignatureIdentifier"):
            self.names[element.get("id")] = "signature " + self._signature(element)
        for element in self.root.findall(NAMESPACE + "SignatureValidationReport"):
            self._report(element, self._signature(element))
        for element in self.root.iter(NAMESPACE + "ValidationObject"):
            if element.get("id"):
                self._object(element)

    @staticmethod
    def _signature(element):
        value = next((one for one in element.iter() if _name(one) == "SignatureValue"), None)
        return "none" if value is None else hashlib.sha256(base64.b64decode(value.text)).hexdigest()[:16]

    def _note(self, path, value):
        """Several of one path stand beside each other, in no order."""
        self[path] = sorted(self.get(path, []) + [value])

    def _referred(self, element):
        return sorted(self.names.get(one, "an object that is not there") for one in element.get("VOReference").split())

    def _walk(self, element, path):
        if _name(element) in LEFT_OUT:
            return
        path = f"{path}/{_name(element)}"
        for key in "Signed", "Algorithm", "Pseudonym":
            if element.get(key):
                self._note(f"{path}@{key}", element.get(key))
        if element.get("VOReference"):
            for one in self._referred(element):
                self._note(path, one)
        if not len(element) and _text(element):
            self._note(path, _text(element))
        for child in element:
            self._walk(child, path)

    def _report(self, element, name):
        for child in element:
            self._walk(child, f"signature {name}")

    def _object(self, element):
        name = self.names[element.get("id")]
        self._note("objects", name)
        for child in element:
            if _name(child) not in ("ObjectType", "ValidationObjectRepresentation"):
                self._walk(child, name)
