#!/usr/bin/env python3
"""What changed in a PDF after a signature, with documents that others sealed and updated, and pyHanko as a judge beside us.

Documents are sealed by pyHanko and then attacked or updated as validation/testing/changed_documents.cc has it; updates of pyHanko,
pdfsig and OpenPDF are allowed. The environment: SIGNET_TEST_CHANGED_DOCUMENTS, the program of that name.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import judges

try:
    import pyhanko
except ImportError:
    python = str(judges.installed("pyhanko") / "venv/bin/python")
    os.execv(python, [python, "-B", "-W", "ignore", *sys.argv])

import logging

from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
PROGRAM = os.environ["SIGNET_TEST_CHANGED_DOCUMENTS"]
# Where pyHanko's verdict is another one; why.
DIFFERENCES = {
    "shadow-replace-field": "pyHanko lets appearances of fields change without their values",
    "eaa": "pyHanko has no rules for annotations, which P = 3 permits (ISO 32000-2, table 257)",
    "action": "likewise",
}


def changed_documents(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return done


def make_key():
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=Changes"
        " -addext keyUsage=digitalSignature,nonRepudiation && openssl pkcs12 -export -in cert.pem -inkey key.pem"
        " -out key.p12 -name changes -passout pass:changes",
        shell=True, check=True, capture_output=True)


def seal(source, target, field, certify=0, spec=None, visible=False):
    more = {"certify": True, "docmdp_permissions": fields.MDPPerm(certify)} if certify else {}
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name=field, **more), signers.SimpleSigner.load("key.pem", "cert.pem"),
        new_field_spec=spec, stamp_style=TextStampStyle(stamp_text="Seal") if visible else None)
    with open(source, "rb") as file:
        sealed = signer.sign_pdf(IncrementalPdfFileWriter(file))
    pathlib.Path(target).write_bytes(sealed.getbuffer())


def stamp(source, target):
    authority = timestamps.DummyTimeStamper(load_cert_from_pemder("cert.pem"), load_private_key_from_pemder("key.pem", None))
    with open(source, "rb") as file:
        stamped = signers.PdfTimeStamper(authority).timestamp_pdf(IncrementalPdfFileWriter(file), "sha256")
    pathlib.Path(target).write_bytes(stamped.getbuffer())


def fill(source, target):
    with open(source, "rb") as file:
        writer = IncrementalPdfFileWriter(file)
        field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == "amount")
        field["/V"] = generic.pdf_string("999")
        writer.update_container(field)
        with open(target, "wb") as out:
            writer.write(out)


def pyhanko_allows(file, field):
    """Nothing where it cannot tell: it reads the contents of all signatures, and some here are no messages."""
    try:
        with open(file, "rb") as opened:
            reader = PdfFileReader(opened)
            signature = next(one for one in reader.embedded_regular_signatures if one.field_name == field)
            status = validate_pdf_signature(signature, ValidationContext(trust_roots=[load_cert_from_pemder("cert.pem")]))
            return bool(status.intact and status.valid and status.docmdp_ok)
    except Exception:
        return None


def try_made_documents():
    failures = []
    for line in changed_documents("list").stdout.splitlines():
        kind, name = line.split(" ", 1)
        changed_documents("base", name, "base.pdf")
        seal("base.pdf", "sealed.pdf", "SignetSeal1", int(name.split()[1]))
        changed_documents("change", name, "sealed.pdf", "changed.pdf")
        shown = changed_documents("since", "SignetSeal1", 2, "changed.pdf")
        ours, theirs = shown.returncode == 0, pyhanko_allows("changed.pdf", "SignetSeal1")
        said = {True: "allows", False: "forbids", None: "cannot tell"}[theirs]
        print(f"{name:36} {kind:7} we {'allow' if ours else 'forbid'}, pyHanko {said}")
        if ours == (kind == "attack"):
            failures.append(f"{name}: {shown.stdout}")
        if theirs is not None and theirs != ours and name.split()[0] not in DIFFERENCES:
            failures.append(f"{name}: pyHanko {said}: {shown.stdout}")
    return failures


def expect_allowed(file, failures):
    shown = changed_documents("show", file)
    print(f"{file}: {shown.stdout.count('  allowed')} changes allowed, {shown.stdout.count('FORBIDDEN')} not")
    if "FORBIDDEN" in shown.stdout or not shown.stdout.count("  allowed"):
        failures.append(f"{file}: {shown.stdout}")


def try_pyhanko(failures):
    spec = fields.SigFieldSpec
    seal("base.pdf", "pyhanko-1.pdf", "first")
    seal("pyhanko-1.pdf", "pyhanko-2.pdf", "second")
    seal("pyhanko-2.pdf", "pyhanko-3.pdf", "third", spec=spec("third", on_page=0, box=(10, 10, 200, 60)), visible=True)
    stamp("pyhanko-3.pdf", "pyhanko-4.pdf")
    stamp("pyhanko-4.pdf", "pyhanko-5.pdf")
    expect_allowed("pyhanko-5.pdf", failures)
    fill("pyhanko-1.pdf", "pyhanko-filled.pdf")
    expect_allowed("pyhanko-filled.pdf", failures)
    seal("base.pdf", "certified-1.pdf", "first", certify=2)
    seal("certified-1.pdf", "certified-2.pdf", "second", visible=True)
    expect_allowed("certified-2.pdf", failures)
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, ["amount"])
    seal("base.pdf", "locked-1.pdf", "first", spec=spec("first", field_mdp_spec=lock))
    seal("locked-1.pdf", "locked-2.pdf", "second")
    expect_allowed("locked-2.pdf", failures)
    fill("locked-1.pdf", "locked-filled.pdf")
    shown = changed_documents("show", "locked-filled.pdf").stdout
    if "locks the field amount" not in shown:
        failures.append(f"locked-filled.pdf: {shown}")


def try_pdfsig(failures):
    os.mkdir("nss")
    for command in ("certutil -N -d sql:nss --empty-password",
                    "pk12util -i key.p12 -d sql:nss -W changes -K ''"):
        subprocess.run(command, shell=True, check=True, capture_output=True)
    for before, after in (("pyhanko-2.pdf", "pdfsig-1.pdf"), ("pdfsig-1.pdf", "pdfsig-2.pdf")):
        # Its exit status is not 0 where NSS does not end as it should.
        subprocess.run(f"pdfsig -nssdir sql:nss -add-signature -nick changes {before} {after}", shell=True, capture_output=True)
    expect_allowed("pdfsig-2.pdf", failures)


OPENPDF = """
import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.*;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.PrivateKey;

public class Update {
  public static void main(String[] names) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new FileInputStream("key.p12"), "changes".toCharArray());
    String alias = keys.aliases().nextElement();
    PrivateKey key = (PrivateKey) keys.getKey(alias, "changes".toCharArray());
    for (int at = 0; at + 1 < 3; ++at) {
      FileOutputStream out = new FileOutputStream(names[at + 1]);
      PdfStamper stamper = PdfStamper.createSignature(new PdfReader(names[at]), out, '\\0', null, true);
      PdfSignatureAppearance look = stamper.getSignatureAppearance();
      look.setCrypto(key, keys.getCertificateChain(alias), null, PdfSignatureAppearance.SELF_SIGNED);
      if (at == 0) look.setVisibleSignature(new Rectangle(300, 60, 540, 120), 1, "O1");
      stamper.close();
    }
    PdfStamper stamper = new PdfStamper(new PdfReader(names[1]), new FileOutputStream(names[3]), '\\0', true);
    stamper.getAcroFields().setField("amount", "777");
    stamper.close();
  }
}
"""


def try_openpdf(failures):
    pathlib.Path("Update.java").write_text(OPENPDF)
    jars = ":".join(str(jar) for jar in (judges.installed("openpdf") / "jars").glob("*.jar"))
    subprocess.run(
        ["java", "-cp", jars, "Update.java", "pyhanko-1.pdf", "openpdf-1.pdf", "openpdf-2.pdf", "openpdf-filled.pdf"],
        check=True, capture_output=True)
    expect_allowed("openpdf-2.pdf", failures)
    expect_allowed("openpdf-filled.pdf", failures)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_key()
        failures = try_made_documents()
        changed_documents("base", "dss 0", "base.pdf")
        for attempt in (try_pyhanko, try_pdfsig, try_openpdf):
            attempt(failures)
        os.chdir("/")
    print("\n".join(failures))
    sys.exit(bool(failures))


main()
