"""A registration authority for tests: a seal server, an emulated appliance, the test authority, and SoftHSMv2 tokens as cards."""
import base64
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import seald

SOFTHSM = os.environ["SIGNET_TEST_SOFTHSM"]
EMULATOR = os.environ["SIGNET_TEST_EMULATOR"]
CARD_OPEN = os.environ["SIGNET_TEST_CARD_OPEN"]
PIN = "31415926"
ADMIN_PASSWORD = "administrator's own"
ORGANISATION = "NTRCZ-12345678"


def secret_file(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def pin_of(certificate):
    spki = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], capture_output=True, check=True)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=spki.stdout, capture_output=True, check=True)
    return "sha256//" + base64.b64encode(hashlib.sha256(der.stdout).digest()).decode()


class Appliance:
    """The emulator, with an administrator "admin"."""

    def __init__(self, folder):
        self.dir = folder / "appliance"
        password = secret_file(folder / "admin.password", ADMIN_PASSWORD)
        seald.run(EMULATOR, "init", self.dir, "--listen", "127.0.0.1:0", "--user", "seal", "--password-file", password)
        seald.run(EMULATOR, "account", self.dir, "admin", "--add", "--admin", "--password-file", password)
        text = (self.dir / "client.toml").read_text(encoding="utf-8")
        self.pin = re.search(r"sha256//[A-Za-z0-9+/]{43}=", text)[0]
        self.process = None
        self.start()

    def start(self):
        ready = self.dir / "ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen([EMULATOR, "run", self.dir, "--ready-file", ready], stderr=subprocess.DEVNULL)
        end = time.monotonic() + seald.PATIENCE
        while not ready.exists():
            assert self.process.poll() is None and time.monotonic() < end, "the emulator does not start"
            time.sleep(0.02)
        text = (self.dir / "client.toml").read_text(encoding="utf-8")
        self.url = re.search(r'url\s*=\s*"(https://[^"]*)"', text)[1]

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def get(self, path, user, password):
        """Status and JSON of an answer."""
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Basic {token}"})
        try:
            with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def accounts(self):
        with sqlite3.connect(self.dir / "state.db") as database:
            return sorted(row[0] for row in database.execute("SELECT user FROM accounts"))

    def fault(self, **fault):
        address = self.url.removesuffix("/dsa/v1") + "/x-emulator/v1/faults"
        request = urllib.request.Request(address, json.dumps(fault).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, context=ssl._create_unverified_context())


class Office:
    """All of it; stopped at the end of a `with`."""

    def __init__(self):
        self.server = seald.Server()
        self.authority = seald.Authority()
        self.folder = self.server.folder
        self.appliance = Appliance(self.folder)
        self.dir = self.folder / "office"
        self.dir.mkdir(mode=0o700)
        self.server.make_key("office/ra", "/CN=Registration authority")
        seald.run(seald.PROGRAM, "official", "add", self.server.dir, "--name", "ra", "--role", "administrator", "--certificate",
                  self.server.file("office/ra.crt"))
        self.server.start()
        secret_file(self.dir / "admin.password", ADMIN_PASSWORD)
        (self.dir / "roots.pem").write_bytes((pathlib.Path(self.authority.dir) / "ca.pem").read_bytes())
        self.settings()
        (self.folder / "tokens").mkdir()
        os.environ["SOFTHSM2_CONF"] = str(self.folder / "softhsm2.conf")
        (self.folder / "softhsm2.conf").write_text(f"directories.tokendir = {self.folder}/tokens\nlog.level = ERROR\n", encoding="utf-8")
        self.pin_file = secret_file(self.folder / "card.pin", PIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.appliance.stop()
        self.authority.__exit__()
        self.server.__exit__()

    def settings(self, authentication="seal-client", authentication_ca=None, sealing_ca=None):
        url = self.authority.url
        (self.dir / "enrol.toml").write_text(f"""server      = "https://127.0.0.1:{self.server.port}"
server_pins = ["{pin_of(self.server.file('server.crt'))}"]
certificate = "ra.crt"
key         = "ra.key"
authentication_ca = "{authentication_ca or f'{url}/issue/{authentication}'}"
sealing_ca        = "{sealing_ca or f'{url}/issue/seal'}"
roots = "roots.pem"

[appliance]
administrator = "admin"
password      = "file:{self.dir}/admin.password"

  [[appliance.member]]
  url  = "{self.appliance.url}"
  pins = ["{self.appliance.pin}"]
""", encoding="utf-8")

    def card(self, label):
        """A new, empty one; its URI."""
        seald.run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN)
        return f"pkcs11:token={label}?module-path={SOFTHSM}"

    def words(self, card, *more, account="office", pin_file=None):
        return [seald.PROGRAM, "enrol", str(self.dir), *(["--account", account] if account else []), "--card", card, "--pin-file",
                pin_file or self.pin_file, "--json", *more]

    def enrol(self, card, *more, status=0, account="office", pin_file=None):
        """What it reports; with another status the last line of what it says."""
        done = subprocess.run(self.words(card, *more, account=account, pin_file=pin_file), capture_output=True, text=True,
                              timeout=3 * seald.PATIENCE, check=False)
        assert done.returncode == status, f"status {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout) if status == 0 else done.stderr.strip().splitlines()[-1]

    def open(self, card, client, status=0):
        """What the card finds at the seal server: it logs in with its own key, and decrypts."""
        done = subprocess.run([CARD_OPEN, f"https://127.0.0.1:{self.server.port}", pin_of(self.server.file("server.crt")), card, self.pin_file,
                               client], capture_output=True, text=True, timeout=3 * seald.PATIENCE, check=False)
        assert done.returncode == status, f"status {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout) if status == 0 else done.stderr.strip()

    def client(self, client):
        """As an administrator sees it."""
        status, _, body = self.server.curl("office/ra", "GET", f"/seal/v1/clients/{client}")
        assert status == 200, body
        return json.loads(body)

    def clients(self):
        _, _, body = self.server.curl("office/ra", "GET", "/seal/v1/clients")
        return json.loads(body)["clients"]

    def card_objects(self, card):
        """Kinds of objects on a card, as an independent program lists them."""
        text = seald.run("pkcs11-tool", "--module", SOFTHSM, "--token-label", re.search(r"token=([^?;]*)", card)[1], "--login", "--pin", PIN,
                         "--list-objects")
        blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
        # SoftHSMv2 that is killed while it makes an object leaves one with the first of its attributes only. One without a label,
        # and data without an application, is nothing that anybody looks for; our own command removes what has a label.
        whole = [block for block in blocks if re.search(r"label: +['\w]", block) and not re.search(r"application: +(<empty>|'')", block)]
        return sorted(block.splitlines()[0].split(";")[0].strip() for block in whole
                      if re.match(r"(Private Key|Public Key|Certificate|Data) [Oo]bject", block))

    def journal(self, account="office"):
        return json.loads((self.dir / "enrolments" / f"{account}.json").read_text(encoding="utf-8"))

    def has_journal(self, account):
        return (self.dir / "enrolments" / f"{account}.json").exists()

    def journal_is_done(self, account, least_round):
        record = self.journal(account) if self.has_journal(account) else {"done": False}
        return record["done"] and record["round"] >= least_round

    def report_of_journal(self, account):
        """What the command reports of it, as far as check() looks."""
        record = self.journal(account)
        der = base64.b64decode(record["sealing"]["certificates"][0])
        return {"account": account, "client": record["client"], "contentKeyHash": record["contentKeyHash"],
                "sealing": {"certificate": hashlib.sha256(der).hexdigest()}}

    def check(self, card, report):
        """The one end state of an enrolment: one account, one key on the card, one in the appliance, and the card finds the way."""
        account, client = report["account"], report["client"]
        found = self.open(card, client)
        assert found["user"] == account and found["client"] == client and found["version"] == 1, found
        assert found["hash"] == report["contentKeyHash"], found
        assert [member["url"] for member in found["members"]] == [self.appliance.url], found
        status, told = self.appliance.get("/account", account, found["password"])
        assert status == 200 and told["rights"] == ["user"], told
        assert self.appliance.accounts().count(account) == 1
        status, objects = self.appliance.get("/objects", account, found["password"])
        assert status == 200 and len(objects["keys"]) == 1, objects
        own = [c for c in objects["certificates"] if c.get("keyId") == objects["keys"][0]["id"]]
        assert len(own) == 1, objects
        known = self.client(client)
        assert known["state"] == "active"
        live = [key for key in known["authenticationCertificates"] if key["state"] != "revoked"]
        assert len(live) == 1 and live[0]["card"] and live[0]["state"] == "active", known
        sealing = [c for c in known["sealingCertificates"] if c["state"] == "active"]
        der = base64.b64decode(own[0]["der"])
        assert [c["certificate"] for c in sealing] == [hashlib.sha256(der).hexdigest()] == [report["sealing"]["certificate"]], known
        kinds = self.card_objects(card)
        assert len([k for k in kinds if k.startswith("Private")]) == 1, kinds
        # Its own certificate, the sealing key's, and who issued both.
        assert len([k for k in kinds if k.startswith("Cert")]) == 3 and len([k for k in kinds if k.startswith("Data")]) == 1, kinds
        return found
