"""pyHanko as a judge: a line of JSON in, one out. It runs in the virtual environment of the client pyhanko.

{"judge": "pyhanko", "signature": FILE, "detached": FILE or null, "trusted": [FILES]} judges a CMS or PDF file ("password":
of an encrypted one; "strict": false for one that is hybrid, or slightly wrong);
{"judge": "parts", "signature": FILE} tells of what a CMS file is made.
{"judge": "make", ...} and {"judge": "graft", ...} write documents for the test of the judges themselves.
"""
import asyncio
import hashlib
import json
import pathlib
import sys

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers, timestamps
from pyhanko.sign.validation import async_validate_detached_cms, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def certificates(files):
    """All certificates of PEM files."""
    found = []
    for file in files:
        data = pathlib.Path(file).read_bytes()
        found += [x509.Certificate.load(der) for _, _, der in pem.unarmor(data, multiple=True)]
    return found


def facts(status, signer):
    """What is said of one signature."""
    stamp = status.timestamp_validity
    signed = {attribute["type"].native for attribute in signer["signed_attrs"]}
    reference = bool(signed & {"signing_certificate", "signing_certificate_v2"})
    return {
        "valid": status.valid, "intact": status.intact, "trusted": status.trusted,
        "signingCertificate": reference,
        "timestamp": stamp and {"valid": stamp.valid, "intact": stamp.intact, "trusted": stamp.trusted,
                                "time": stamp.timestamp.isoformat()},
        "level": None if not reference else "B-T" if stamp else "B-B",
        "coverage": status.coverage.name if getattr(status, "coverage", None) else None,
        "digest": signer["digest_algorithm"]["algorithm"].native, "mechanism": status.pkcs7_signature_mechanism,
    }


def context(request):
    """Trusts the files only; no network."""
    return ValidationContext(trust_roots=certificates(request["trusted"]), allow_fetching=False)


async def judge_pdf(request):
    """Every signature of a PDF file."""
    with open(request["signature"], "rb") as file:
        reader = PdfFileReader(file, strict=request.get("strict", True))
        if reader.encrypted:
            reader.decrypt(request.get("password", "").encode())
        answers = []
        for one in reader.embedded_regular_signatures:
            status = await async_validate_pdf_signature(one, context(request), context(request))
            answers.append(facts(status, one.signer_info) | {"changes": status.modification_level.name, "field": one.field_name,
                                                             "allowed": status.docmdp_ok})
        return answers


async def judge_cms(request, data):
    """Every signature of a CMS file; pyHanko takes one signer at a time."""
    signed = cms.ContentInfo.load(data)["content"]
    inside = signed["encap_content_info"]["content"].native
    if (inside is None) == (request.get("detached") is None):
        raise ValueError("the content is neither inside alone nor beside alone")
    content = inside if inside is not None else pathlib.Path(request["detached"]).read_bytes()
    answers = []
    for signer in signed["signer_infos"]:
        one = signed.copy()
        one["signer_infos"] = [signer.copy()]
        one["encap_content_info"] = {"content_type": signed["encap_content_info"]["content_type"].native}
        answers.append(facts(await async_validate_detached_cms(content, one, context(request), context(request)), signer))
    return answers


def judge(request):
    """{"signatures": [...]}"""
    data = pathlib.Path(request["signature"]).read_bytes()
    work = judge_pdf(request) if data.startswith(b"%PDF") else judge_cms(request, data)
    return {"signatures": asyncio.run(work)}


def make(request):
    """A CAdES signature by pyHanko, with a key in a PEM file."""
    signer = signers.SimpleSigner.load(request["key"], request["certificate"], ca_chain_files=[request["chain"]])
    stamper = timestamps.HTTPTimeStamper(request["tsa"]) if request["tsa"] else None
    message = asyncio.run(signer.async_sign_general_data(
        pathlib.Path(request["content"]).read_bytes(), "sha256", detached=request["detached"], use_cades=True,
        timestamper=stamper))
    pathlib.Path(request["out"]).write_bytes(message.dump())
    return {"made": request["out"]}


def graft(request):
    """The unsigned attributes of "from" put onto the signature of "signature"."""
    message, other = (cms.ContentInfo.load(pathlib.Path(request[key]).read_bytes()) for key in ("signature", "from"))
    message["content"]["signer_infos"][0]["unsigned_attrs"] = other["content"]["signer_infos"][0]["unsigned_attrs"].copy()
    pathlib.Path(request["out"]).write_bytes(message.dump(force=True))
    return {"made": request["out"]}


def parts(request):
    """What a CMS file is made of, as digests: "signed" may not change; a file that grows keeps all others."""
    def digests(values):
        return [hashlib.sha256(value.dump()).hexdigest() for value in values or []]
    signed = cms.ContentInfo.load(pathlib.Path(request["signature"]).read_bytes())["content"]
    infos = signed["signer_infos"]
    fixed = [info[name] for info in infos for name in ("sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")]
    return {"signed": digests([signed["encap_content_info"], *fixed]), "certificates": digests(signed["certificates"]),
            "revocations": digests(signed["crls"]),
            "unsigned": digests(one for info in infos if info["unsigned_attrs"] for one in info["unsigned_attrs"])}


def main():
    """Until the end of standard input."""
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = {"pyhanko": judge, "parts": parts, "make": make, "graft": graft}[request["judge"]](request)
        except Exception as failure:  # pylint: disable=broad-except
            answer = {"failure": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)


main()
