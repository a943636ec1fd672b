"""The parties and the lists: a list of lists with two national ones, in every state that a folder may be found in.

`write_trusted_lists` makes certificates and lists out of a description; xmlsec1 signs the lists. Their dates are near the present, as
they are authenticated at the present (TS 119 615, 4.1 to 4.3).
"""
import copy
import datetime
import json
import os
import pathlib
import re
import shutil

import judges

TESTING = judges.HERE.parents[1] / "validation/testing"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
PIVOT = "https://lists.example/EU-pivot-9.xml"
WRITER = os.environ["SIGNET_TEST_LIST_WRITER"]


def day(days):
    """A moment that many days from now."""
    return (NOW + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _pointer(territory, *signers, kind="EUgeneric"):
    return {"territory": territory, "type": kind, "signers": list(signers)}


def _list_of_lists(file, signer="Commission 1", announced="Commission 1", **more):
    national = [_pointer("CZ", "Operator CZ"), _pointer("SK", "Operator SK")]
    return {"file": file, "type": "EUlistofthelists", "territory": "EU", "sequence": 10, "signer": signer,
            "pointers": [_pointer("EU", announced, kind="EUlistofthelists"), *national]} | more


def _read(name):
    return json.loads((TESTING / name).read_text(encoding="utf-8"))


def _national(plain, file, **more):
    """A copy of the list with something else."""
    return copy.deepcopy(plain) | {"file": file} | more


def description():
    """All parties and all lists, good and bad ones; the files of the folders are chosen below."""
    plain, cases = _read("lists.json"), _read("qualification_cases.json")
    parties = plain["parties"] + [one for one in cases["parties"] if one["name"] not in ("Commission", "Operator CZ")]
    parties += [
        {"name": "Stranger", "kind": "operator", "key": "rsa3072"}, {"name": "Unlisted CA", "kind": "authority"},
        {"name": "Passer-by", "issuer": "Unlisted CA", "not_before": "2020-01-01", "statements": {"types": ["seal"]}},
        {"name": "CZ longer", "issuer": "CZ old CA", "not_before": "2009-09-01", "policies": ["0.4.0.1456.1.2"]}]
    for one in parties:
        if one["name"][:3] in ("CZ ", "SK "):
            one["country"] = one["name"][:2]
    by_file = {one["file"]: one for one in plain["lists"]}
    czech, slovak = by_file["CZ.xml"], by_file["SK.xml"]
    czech["providers"] += next(one for one in cases["lists"] if one["file"] != "eu-lotl.xml")["providers"]
    expired = {"issued": day(-120), "next_update": day(-1)}
    lists = [
        _list_of_lists("EU.xml"), _list_of_lists("EU-expired.xml", **expired), _list_of_lists("EU-stranger.xml", signer="Stranger"),
        _list_of_lists("EU-future.xml", issued=day(3)), _list_of_lists("EU-closed.xml", next_update=None),
        _list_of_lists("EU-version-4.xml", version=4),
        # After a change of the Commission's certificate: the pivot announces the new one.
        _list_of_lists("EU-pivot-9.xml", sequence=9, announced="Commission 2", issued=day(-200), next_update=day(-20)),
        _list_of_lists("EU-after-pivot.xml", signer="Commission 2", announced="Commission 2", information=[PIVOT]),
        _list_of_lists("EU-pivot-stranger.xml", sequence=9, signer="Stranger", announced="Commission 2", issued=day(-200),
                       next_update=day(-20)),
        _list_of_lists("EU-without-CZ.xml", pointers=[_pointer("EU", "Commission 1", kind="EUlistofthelists"),
                                                     _pointer("SK", "Operator SK")]),
        _list_of_lists("EU-other-operator.xml", pointers=[_pointer("EU", "Commission 1", kind="EUlistofthelists"),
                                                         _pointer("CZ", "Stranger"), _pointer("SK", "Operator SK")]),
        _list_of_lists("EU-two-operators.xml", pointers=[_pointer("EU", "Commission 1", kind="EUlistofthelists"),
                                                        _pointer("CZ", "Stranger", "Operator CZ"), _pointer("SK", "Operator SK")]),
        _national(czech, "CZ.xml"), _national(czech, "CZ-expired.xml", **expired), _national(czech, "CZ-stranger.xml", signer="Stranger"),
        _national(czech, "CZ-slovak-operator.xml", signer="Operator SK"), _national(czech, "CZ-version-4.xml", version=4),
        _national(czech, "CZ-closed.xml", next_update=None), _national(czech, "CZ-version-5.xml", version=5),
        _national(czech, "CZ-future.xml", issued=day(3)),
        _national(slovak, "SK.xml"), _national(slovak, "SK-expired.xml", **expired)]
    for one in lists:
        one.setdefault("issued", day(-10))
        if "next_update" not in one:
            one["next_update"] = day(80)
    return {"parties": parties, "lists": lists}


def cases():
    """Those of qualification_cases.json."""
    return _read("qualification_cases.json")["cases"]


# Files of the folders that are not those of their names.
FOLDERS = {
    "good": {}, "closed-lotl": {"EU": "EU-closed"}, "expired-lotl": {"EU": "EU-expired"}, "stranger-lotl": {"EU": "EU-stranger"},
    "future-lotl": {"EU": "EU-future"}, "version-4-lotl": {"EU": "EU-version-4"}, "forged-lotl": {"EU": "EU!"}, "no-lotl": {"EU": None},
    "pivot": {"EU": "EU-after-pivot", "EU-pivot-9": "EU-pivot-9"}, "no-pivot": {"EU": "EU-after-pivot"},
    "stranger-pivot": {"EU": "EU-after-pivot", "EU-pivot-9": "EU-pivot-stranger"},
    "forged-pivot": {"EU": "EU-after-pivot", "EU-pivot-9": "EU-pivot-9!"},
    "no-pointer": {"EU": "EU-without-CZ"}, "other-operator": {"EU": "EU-other-operator"}, "two-operators": {"EU": "EU-two-operators"},
    "expired-national": {"CZ": "CZ-expired"}, "stranger-national": {"CZ": "CZ-stranger"},
    "other-countrys-operator": {"CZ": "CZ-slovak-operator"}, "forged-national": {"CZ": "CZ!"}, "no-national": {"CZ": None},
    "version-4-national": {"CZ": "CZ-version-4"}, "version-5-national": {"CZ": "CZ-version-5"}, "closed-national": {"CZ": "CZ-closed"},
    "future-national": {"CZ": "CZ-future"}, "expired-other": {"SK": "SK-expired"}, "no-other": {"SK": None},
}
TEMPLATE = re.compile(r"(<ds:Reference .*?<ds:DigestValue>)[^<]*(</ds:DigestValue></ds:Reference>)")


def _sign(source, target, signer):
    """By xmlsec1: the list's own signature is emptied and serves as the template."""
    text = source.read_text(encoding="utf-8")
    text, count = TEMPLATE.subn(r"\1\2", text)
    text, values = re.subn(r"(<ds:SignatureValue[^>]*>)[^<]*(</ds:SignatureValue>)", r"\1\2", text)
    if (count, values) != (2, 1):
        raise judges.Failure(f"{source}: {count} references and {values} signatures")
    target.with_suffix(".template").write_text(text, encoding="utf-8")
    judges.run("xmlsec1", "--sign", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "--privkey-pem",
               f"parties/{signer}.key.pem,parties/{signer}.pem", "--output", target, target.with_suffix(".template"))


def make():
    """In the working folder: parties/NAME.pem and NAME.key.pem, and folders/NAME with the lists of each. The description."""
    described = description()
    pathlib.Path("description.json").write_text(json.dumps(described), encoding="utf-8")
    judges.run(WRITER, "description.json", ".")
    signed = pathlib.Path("signed")
    signed.mkdir()
    for one in described["lists"]:
        _sign(pathlib.Path("lists") / one["file"], signed / one["file"], one["signer"])
    for name, files in FOLDERS.items():
        folder = pathlib.Path("folders") / name
        folder.mkdir(parents=True)
        for target, source in ({"EU": "EU", "CZ": "CZ", "SK": "SK"} | files).items():
            if source is None:
                continue
            shutil.copy(signed / f"{source.rstrip('!')}.xml", folder / f"{target}.xml")
            if source.endswith("!"):  # a name within it is another one
                text = (folder / f"{target}.xml").read_text(encoding="utf-8")
                (folder / f"{target}.xml").write_text(text.replace(">Operator of", ">Nobody of", 1), encoding="utf-8")
    return described
