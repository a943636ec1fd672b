"""A seal server, an emulated appliance, an authority, and activation cards on SoftHSM, for the tests of the activation."""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "seal-server"))
import seald  # pylint: disable=wrong-import-position

SIGNET = os.environ["SIGNET_TEST_SIGNET"]
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
KEY_LABEL, SEALING_LABEL = "Signet authentication", "Signet sealing"
ORGANISATION = "NTRCZ-12345678"
PASSWORD = "a password that nobody sees 2718281828"
CARD_PIN = "31415926"


class Appliance:
    """The emulated appliance with the account "seal" and one key; its pin and address."""

    def __init__(self, folder):
        self.dir = folder / "appliance"
        emulator = os.environ["SIGNET_TEST_EMULATOR"]
        password = folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        password.chmod(0o600)
        seald.run(emulator, "init", self.dir, "--listen", "127.0.0.1:0", "--user", "seal", "--password-file", password, "--key", "ec:P-256:seal")
        ready = self.dir / "ready"
        self.process = subprocess.Popen([emulator, "run", self.dir, "--ready-file", ready], stderr=subprocess.DEVNULL)
        end = time.monotonic() + seald.PATIENCE
        while not ready.exists():
            assert self.process.poll() is None and time.monotonic() < end, "the emulator does not start"
            time.sleep(0.02)
        client = (self.dir / "client.toml").read_text(encoding="utf-8")
        self.url = re.search(r'url\s*=\s*"(https://[^"]*)"', client)[1]
        self.pin = re.search(r"sha256//[A-Za-z0-9+/=]*", client)[0]

    def stop(self):
        self.process.terminate()
        self.process.wait(seald.PATIENCE)


class Card:
    """A SoftHSM token of its own with what the enrolment puts on a card."""

    def __init__(self, scene, name):
        self.scene, self.name = scene, name
        self.folder = scene.folder / name
        (self.folder / "tokens").mkdir(parents=True)
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {self.folder}/tokens\n", encoding="utf-8")
        self.pin_file = self.folder / "pin"
        self.pin_file.write_text(CARD_PIN, encoding="utf-8")
        self.pin_file.chmod(0o600)
        self.environment = os.environ | {"SOFTHSM2_CONF": str(configuration), "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state")}
        self.run("softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "87654321", "--pin", CARD_PIN)

    def run(self, *words, status=0):
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
        assert done.returncode == status, f"{' '.join(map(str, words))}: status {done.returncode}, not {status}\n{done.stdout}{done.stderr}"
        return done.stdout.strip() if status == 0 else done.stderr.strip()

    def signet(self, *words, status=0):
        return self.run(SIGNET, *words, "--module", SOFTHSM, "--token", self.name, "--pin-file", self.pin_file, status=status)

    def tool(self, *words):
        return self.run("pkcs11-tool", "--module", SOFTHSM, "--token-label", self.name, "--login", "--pin", CARD_PIN, *words)

    def enrol(self, client=None, organisation=ORGANISATION, name="client", with_hash=True):
        """The client's id at the server; everything on the card and at the server as the registration authority does it."""
        scene = self.scene
        self.tool("--keypairgen", "--key-type", "EC:prime256v1", "--usage-sign", "--usage-derive", "--label", KEY_LABEL, "--id", "01")
        request, certificate = self.folder / "card.csr", self.folder / "card.pem"
        self.signet("csr", KEY_LABEL, "--subject", f"CN={name},organizationIdentifier={organisation},C=CZ", "--out", request)
        scene.issue(request, certificate, "seal-client")
        sealing = scene.sealing_certificate(organisation)
        for file, label, key_id in ((certificate, KEY_LABEL, "01"), (sealing, SEALING_LABEL, "02")):
            der = self.folder / f"{key_id}.der"
            seald.run("openssl", "x509", "-in", file, "-outform", "DER", "-out", der)
            self.tool("--write-object", der, "--type", "cert", "--label", label, "--id", key_id)
        server = scene.server
        client = client or seald.run(seald.PROGRAM, "client", "add", server.dir, "--name", name, "--organisation", organisation)
        key = seald.run(seald.PROGRAM, "client", "add-key", server.dir, "--client", client, "--certificate", certificate, "--card")
        seald.run(os.environ["SIGNET_TEST_CREDENTIALS"], client, "seal", scene.folder / "password", scene.appliance.url, scene.appliance.pin,
                  self.folder / "01.der", self.folder)
        seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", self.folder / "cryptogram", "--credentials",
                  self.folder / "credentials")
        if with_hash:
            self.tool("--write-object", self.folder / "hash", "--type", "data", "--application-label", "Signet", "--label",
                      "Signet content key SHA-256", "--private")
        return client

    def activation(self, out, *words):
        return [SIGNET, "activate", "--card", self.name, "--module", SOFTHSM, "--pin-file", str(self.pin_file), "--server", self.scene.url,
                "--server-pin", self.scene.pin, "-o", str(out), *map(str, words)]

    def activate(self, out, *words, status=0):
        return self.run(*self.activation(out, *words), status=status)


class Scene:
    """Stopped, and its folder removed, at the end of a `with`."""

    def __init__(self):
        self.authority = seald.Authority()
        self.server = seald.Server(lambda _: ["--authentication-ca", self.authority.url + "/issue/seal-client",
                                              "--sealing-ca", self.authority.command()])
        self.folder = self.server.folder
        self.appliance = Appliance(self.folder)
        self.server.start()
        self.roots = self.authority.dir + "/ca.pem"
        self.pin = self.pin_of(self.server.file("server.crt"))

    @property
    def url(self):
        return f"https://127.0.0.1:{self.server.port}"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.appliance.stop()
        self.server.__exit__(*error)
        self.authority.__exit__(*error)

    @staticmethod
    def pin_of(certificate):
        key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, check=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, capture_output=True, check=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der, capture_output=True, check=True).stdout
        return "sha256//" + subprocess.run(["openssl", "base64", "-A"], input=digest, capture_output=True, check=True).stdout.decode()

    def issue(self, request, out, profile):
        seald.run(seald.TESTCA, "issue", self.authority.dir, request, out, "--profile", profile)

    def sealing_certificate(self, organisation):
        """Of a key that nobody keeps: what is sealed with is not these tests' matter."""
        file = self.folder / f"sealing-{organisation}.pem"
        if not file.exists():
            request = str(file) + ".csr"
            seald.run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(file) + ".key",
                      "-subj", f"/CN=seal/organizationIdentifier={organisation}/C=CZ", "-out", request)
            self.issue(request, file, "seal")
        return file

    def installation(self, name):
        return Installation(self, name)


class Installation:
    """A machine that is to become a client: its folder, and its commands."""

    def __init__(self, scene, name):
        self.scene, self.folder = scene, scene.folder / name
        self.code = self.signet("init").split()[-1]

    def signet(self, *words, status=0):
        return seald.run(SIGNET, "client", words[0], *words[1:], "--folder", self.folder, status=status)

    def import_file(self, file, *words, status=0):
        return self.signet("import", file, "--roots", self.scene.roots, "--organisation", ORGANISATION, "--yes", *words, status=status)

    def key_states(self):
        """Of the first client's keys at the server, sorted."""
        client = json.loads(self.signet("status", "--json"))["clients"][0]
        return sorted(key["state"] for key in client["authenticationKeys"])
