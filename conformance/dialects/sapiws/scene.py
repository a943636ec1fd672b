"""What the programs here share: the emulator that run.sh has started, and certificates for its keys.

The environment says where: SAPIWS_ORIGIN ("https://127.0.0.1:PORT"), SAPIWS_USER, SAPIWS_PASSWORD_FILE, SAPIWS_FOLDER (the
emulator's), SAPIWS_EMULATOR (the program), SSL_CERT_FILE (its certificate).
"""
import base64
import json
import os
import pathlib
import ssl
import subprocess
import tempfile
import urllib.request
import uuid

ORIGIN = os.environ["SAPIWS_ORIGIN"]
USER = os.environ["SAPIWS_USER"]
PASSWORD = pathlib.Path(os.environ["SAPIWS_PASSWORD_FILE"]).read_text().rstrip("\n")
FOLDER = pathlib.Path(os.environ["SAPIWS_FOLDER"])
EMULATOR = os.environ["SAPIWS_EMULATOR"]
DSS = f"{ORIGIN}/SAPIWS/dss.asmx"
SPML = f"{ORIGIN}/SAPIWS/spml.asmx"
WORK = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("SAPIWS_WORK")))


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


def native(method, path, body=None):
    """A call of the emulator's own contract."""
    request = urllib.request.Request(f"{ORIGIN}/dsa/v1{path}", method=method)
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request.add_header("Authorization", f"Basic {login}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", str(uuid.uuid4()))
    with urllib.request.urlopen(request, context=ssl.create_default_context()) as answer:
        return json.loads(answer.read() or b"null")


def fault(body):
    """Queues one for the next request that fits."""
    request = urllib.request.Request(f"{ORIGIN}/x-emulator/v1/faults", method="POST", data=json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, context=ssl.create_default_context()).close()


def counters():
    with urllib.request.urlopen(f"{ORIGIN}/x-emulator/v1/counters") as answer:
        return json.load(answer)


def journal():
    shown = subprocess.run([EMULATOR, "journal", str(FOLDER), "--json"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in shown.stdout.splitlines()]


def account(*changes):
    subprocess.run([EMULATOR, "account", str(FOLDER), *changes], check=True, capture_output=True)


def certify(label="seal"):
    """A trial authority's certificate for the key of that label, stored with the authority's own; the latter as PEM."""
    wanted = base64.b64encode(label.encode()).decode()
    key = next(key for key in native("GET", "/objects")["keys"] if key["label"] == wanted)
    files = {name: WORK / name for name in ("ca.key", "ca.pem", "key.der", "key.pem", "seal.der", "ca.der")}
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", files["ca.key"], "-out", files["ca.pem"],
            "-subj", "/O=Trial/CN=Trial CA", "-days", "30")
    files["key.der"].write_bytes(base64.b64decode(key["publicKey"]))
    openssl("pkey", "-pubin", "-inform", "DER", "-in", files["key.der"], "-out", files["key.pem"])
    openssl("x509", "-new", "-force_pubkey", files["key.pem"], "-subj", "/O=Trial/CN=Seal", "-CA", files["ca.pem"],
            "-CAkey", files["ca.key"], "-days", "30", "-outform", "DER", "-out", files["seal.der"])
    openssl("x509", "-in", files["ca.pem"], "-outform", "DER", "-out", files["ca.der"])
    for name in ("seal.der", "ca.der"):
        content = base64.b64encode(files[name].read_bytes()).decode()
        native("POST", "/certificates", {"label": wanted, "ckaId": key["ckaId"], "der": content})
    return files["seal.der"].read_bytes(), files["ca.pem"]


def verify_cms(message, content, authority):
    """By openssl cms: the signature, and the chain to the authority."""
    (WORK / "message").write_bytes(message)
    (WORK / "content").write_bytes(content)
    openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", WORK / "message", "-content", WORK / "content",
            "-CAfile", authority, "-purpose", "any", "-out", "/dev/null")
