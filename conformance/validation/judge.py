#!/usr/bin/env python3
"""judge.py CASES [--record]: what EU DSS and pyHanko say of the cases, beside what the standard demands.

Runs in the virtual environment of the client pyhanko. --record writes record.yaml; without it DSS's and pyHanko's verdicts are
compared with the record. Nobody uses the network.
"""
import asyncio
import datetime
import hashlib
import json
import logging
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "judges"))

import judges
import pyhanko_certvalidator.context
import yaml
from asn1crypto import cms, ocsp, pem, x509
from asn1crypto import crl as asn1_crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, policy_decl
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import ades_past, poe
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

RECORD = HERE / "record.yaml"
TITLE = """# What EU DSS 6.4 (its default policy) and pyHanko 0.38 say of each case, beside the standard's verdict. Written by
# `judge.py CASES --record`; differences.yaml says which clause decides where one of them differs.
"""


def _files(folder, kind):
    return sorted(str(file) for file in (folder / kind).glob("*"))


def _document(folder):
    return next(file for file in sorted(folder.iterdir()) if file.name.startswith("doc."))


def dss(bench, folder, expected):
    """DSS's verdict in one line: indication, sub-indication, best signature time."""
    data = folder / "data"
    try:
        answer = bench.judge("dss", signature=str(_document(folder)), detached=str(data) if data.exists() else None,
                             trusted=_files(folder, "trust"), crls=_files(folder, "crls") + _files(folder, "fresh"),
                             ocsps=_files(folder, "ocsps"), time=expected["validation_time"])
    except judges.Failure as failure:
        return {"verdict": f"no answer: {str(failure)[:80]}"}
    found = answer["signatures"] or answer["timestamps"]
    if not found:
        return {"verdict": "no signature found"}
    worst = max(found, key=lambda one: ["PASSED", "INDETERMINATE", "FAILED"].index(one["indication"].removeprefix("TOTAL_")))
    said = {"verdict": "/".join(filter(None, [worst["indication"].replace("_", "-"), worst["subIndication"]])),
            "best": worst.get("bestTime")}
    if worst["errors"]:
        said["error"] = worst["errors"][0]
    return said


class _Clock(type(datetime.datetime)):
    def __instancecheck__(cls, value):
        return isinstance(value, REAL_TIME)


REAL_TIME = datetime.datetime


def _set_clock(time):
    """pyHanko takes proofs of existence at the machine's time: that has to be the control time."""
    class Fixed(REAL_TIME, metaclass=_Clock):
        """datetime, at a moment of its own."""

        @classmethod
        def now(cls, tz=None):
            return time.astimezone(tz)
    for module in pyhanko_certvalidator.context, poe, ades_past, ades:
        module.datetime = Fixed


def _specification(folder):
    roots = [x509.Certificate.load(pem.unarmor(pathlib.Path(file).read_bytes())[2]) for file in _files(folder, "trust")]
    crls = [CRLContainer(asn1_crl.CertificateList.load(pathlib.Path(file).read_bytes()))
            for file in _files(folder, "crls") + _files(folder, "fresh")]
    answers = [OCSPContainer(ocsp.OCSPResponse.load(pathlib.Path(file).read_bytes())) for file in _files(folder, "ocsps")]
    rule = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
    policy = CertValidationPolicySpec(SimpleTrustManager.build(trust_roots=roots), CertRevTrustPolicy(
        RevocationCheckingPolicy(ee_certificate_rule=rule, intermediate_ca_cert_rule=rule)))
    return policy_decl.SignatureValidationSpec(
        policy, policy_decl.RevocationInfoGatheringSpec(policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=policy_decl.LocalKnowledge(known_crls=crls, known_ocsps=answers, known_certs=roots))


async def _pyhanko(folder, expected):
    time = datetime.datetime.fromisoformat(expected["validation_time"].replace("Z", "+00:00"))
    _set_clock(time)
    timing = ValidationTimingInfo(validation_time=time, best_signature_time=time, point_in_time_validation=True)
    specification = _specification(folder)
    document = _document(folder)
    if document.suffix == ".pdf":
        with open(document, "rb") as file:
            signatures = PdfFileReader(file).embedded_regular_signatures
            return [await ades.ades_lta_validation(one, policy_decl.PdfSignatureValidationSpec(specification), timing)
                    for one in signatures]
    signed = cms.ContentInfo.load(document.read_bytes())["content"]
    if document.suffix == ".tst":
        return [await ades.ades_timestamp_validation(signed, specification, expected_tst_imprint=lambda name: hashlib.new(
            name, (folder / "data").read_bytes()).digest(), timing_info=timing)]
    digest = None
    if (folder / "data").exists():
        name = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
        digest = hashlib.new(name, (folder / "data").read_bytes()).digest()
    return [await ades.ades_with_time_validation(signed, specification, timing_info=timing, raw_digest=digest)]


def pyhanko(folder, expected):
    """Likewise pyHanko's, by its implementation of EN 319 102-1."""
    try:
        results = asyncio.run(_pyhanko(folder, expected))
    except Exception as failure:  # pylint: disable=broad-except
        return {"verdict": f"no answer: {type(failure).__name__}: {str(failure)[:80]}"}
    if not results:
        return {"verdict": "no signature found"}
    worst = max(results, key=lambda one: one.ades_subindic.status.value)
    status = {1: "TOTAL-PASSED", 2: "INDETERMINATE", 3: "TOTAL-FAILED"}.get(worst.ades_subindic.status.value, worst.ades_subindic.status.name)
    sub = "" if worst.ades_subindic.name == "OK" else worst.ades_subindic.name
    if status == "TOTAL-PASSED" and getattr(worst.api_status, "docmdp_ok", True) is False:
        status, sub = "TOTAL-FAILED", "FORMAT_FAILURE"  # said beside its verdict, as what came after the signature
    best = getattr(worst, "best_signature_time", None)
    return {"verdict": "/".join(filter(None, [status, sub])), "best": best and best.strftime("%Y-%m-%dT%H:%M:%SZ")}


def verdict_of(expected):
    """The standard's, in the same words."""
    return "/".join(filter(None, [expected["indication"], expected["sub_indication"]]))


def judged(cases):
    """{case: {"standard": ..., "dss": {...}, "pyhanko": {...}}}"""
    found = {}
    with judges.started() as bench:
        for folder in sorted(path for path in cases.iterdir() if path.is_dir()):
            expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            found[folder.name] = {"standard": verdict_of(expected), "dss": dss(bench, folder, expected),
                                  "pyhanko": pyhanko(folder, expected)}
    return found


# DER sorts two members of these by their signatures' values, which differ from run to run; a judge's best time is of the first.
ORDER_BY_CHANCE = ("good-two-stamps", "two-parallel")


def compared(found):
    """The differences between two records, as lines."""
    record = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    for side in (found, record):
        for name in ORDER_BY_CHANCE:
            for judge in ("dss", "pyhanko"):
                side.get(name, {}).get(judge, {}).pop("best", None)
    lines = [f"{name}: only on one side" for name in sorted(set(found) ^ set(record))]
    for name in sorted(set(found) & set(record)):
        lines += [f"{name}: {judge} says {found[name][judge]}, on record is {record[name][judge]}"
                  for judge in ("standard", "dss", "pyhanko") if found[name][judge] != record[name][judge]]
    return lines


def unexplained(found):
    """Cases in which a judge differs, and no clause is given."""
    reasons = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8")) or {}
    covered = {name for group in reasons.values() for name in group["cases"]}
    differing = {f"{judge}:{name}" for name, one in found.items() for judge in ("dss", "pyhanko")
                 if one[judge]["verdict"].replace("TOTAL-", "") != one["standard"].replace("TOTAL-", "")}
    return [f"{name}: differs, and differences.yaml does not say why" for name in sorted(differing - covered)] + \
        [f"{name}: stands in differences.yaml, and does not differ" for name in sorted(covered - differing)]


def main():
    """Exits with 1 where something differs from the record."""
    logging.disable()
    found = judged(pathlib.Path(sys.argv[1]))
    for judge in ("dss", "pyhanko"):
        equal = sum(one[judge]["verdict"].replace("TOTAL-", "") == one["standard"].replace("TOTAL-", "") for one in found.values())
        print(f"{judge}: {equal} of {len(found)} verdicts are the standard's")
    if "--record" in sys.argv:
        RECORD.write_text(TITLE + yaml.safe_dump(found, width=200, sort_keys=True), encoding="utf-8")
        return
    lines = compared(found) + unexplained(found)
    sys.exit("\n".join(lines) if lines else 0)


if __name__ == "__main__":
    main()
