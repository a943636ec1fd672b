"""The documents before the attack: sealed by `signet seal` and by pyHanko, plain and certified; and signatures of a stranger."""
import io
import pathlib

import cades
import judges
from document import base
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import TextStampStyle

SEALERS = ("signet", "pyhanko")


def prepare():
    """In the working folder: a token with a key, a trial authority, a key in a file that it certified, and a stranger's."""
    cades.make_token(("p256",))
    judges.run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "file.key")
    judges.run("openssl", "req", "-new", "-key", "file.key", "-subj", "/C=CZ/O=Office/CN=file", "-out", "file.csr")
    judges.run(judges.TESTCA, "issue", "ca", "file.csr", "file.pem")
    judges.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "stranger.key",
               "-out", "stranger.pem", "-days", "2", "-subj", "/CN=Stranger", "-addext", "keyUsage=critical,digitalSignature,nonRepudiation")
    pathlib.Path("base.pdf").write_bytes(base())


def _signed(data, key, name, chain=(), certify=0, spec=None, visible=False):
    more = {"certify": True, "docmdp_permissions": fields.MDPPerm(certify)} if certify else {}
    signer = signers.SimpleSigner.load(f"{key}.key", f"{key}.pem", ca_chain_files=list(chain))
    made = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES, **more), signer, new_field_spec=spec,
        stamp_style=TextStampStyle(stamp_text="Price: 9 CZK") if visible else None)
    return made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data))).getvalue()


def sealed(sealer, certify):
    """The base, sealed; the first signature is SignetSeal1."""
    if sealer == "pyhanko":
        return _signed(base(), "file", "SignetSeal1", ["ca/issuing.pem"], certify)
    out = f"sealed-{certify}.pdf"
    judges.run(cades.SIGNET, "seal", "base.pdf", "--out", out, "--key", "p256", "--chain", "ca/ca.pem",
               *(["--certify", str(certify)] if certify else []))
    return pathlib.Path(out).read_bytes()


def sign_as_stranger(data, name, box):
    """A visible signature that nobody trusts, in a field of this name, or in a new one with this box."""
    spec = fields.SigFieldSpec(name, on_page=0, box=box) if box else None
    return _signed(data, "stranger", name, spec=spec, visible=True)
