"""Who seals in bench/sealing: Signet, pyHanko, EU DSS and the openssl command, by one key of one appliance.

Each can seal one document in a process of its own, and all but openssl many documents in one process that is running
already. The peers come from conformance/clients/, in pinned versions.
"""

import json
import os
import pathlib
import re
import subprocess

from appliance import BUILD, ROOT, SIGNET

MEASURED_RUN = BUILD / "bench/measured_run"
SEALBENCH = BUILD / "bench/sealbench"
COMMAND = BUILD / "signet-cli/signet"
TESTCA = ROOT / "tools/testca/testca"
CLIENTS = ROOT / "conformance/clients"
PEERS = ROOT / "bench/peers"
LABEL = "P-256"  # the fastest signature, so that whatever is done beside it weighs most


def run(*command, environment=None):
    """Its standard output; its errors where it fails."""
    done = subprocess.run([*map(str, command)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stdout


def installed(client):
    """The folder of a pinned client; installs it where it is missing."""
    return pathlib.Path(run(CLIENTS / "install.sh", client).strip())


class Place:
    """An appliance with the key's certificate on it, and the files that everybody seals with."""

    def __init__(self, appliance):
        self.appliance = appliance
        self.folder = appliance.folder
        self.chain = self.folder / "ca/issuing.pem"
        self.certificate = self.folder / "key.pem"
        self.environment = self.through(appliance.config())
        request = self.folder / "key.csr"
        run(TESTCA, "init", self.folder / "ca")
        run(COMMAND, "csr", LABEL, "--subject", f"CN={LABEL}", "--out", request, environment=self.environment)
        run(TESTCA, "issue", self.folder / "ca", request, self.certificate)
        run(COMMAND, "cert", "import", self.certificate, "--label", LABEL, environment=self.environment)

    def through(self, config):
        """The environment of every contender, with this client configuration."""
        pin = self.appliance.pin_file.read_text().strip()
        return {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "SIGNET_CONFIG": str(config), "SIGNET_MODULE": str(SIGNET),
                "SIGNET_PIN": pin, "PYHANKO_PKCS11_PIN": pin, "MODULE": str(SIGNET), "PIN": pin, "KEY": LABEL, "CHAIN": str(self.chain)}

    def measured(self, *command, environment=None):
        """{"seconds", "userSeconds", "systemSeconds", "peakKib"} of one process."""
        return json.loads(run(MEASURED_RUN, *command, environment=environment or self.environment))

    def verify(self, seal, document):
        """By OpenSSL; `document`: None where it is inside."""
        content = [] if document is None else ["-content", document]
        run("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", seal, *content, "-CAfile", self.folder / "ca/ca.pem",
            "-purpose", "any", "-out", "/dev/null")


class Worker:
    """A process that seals for as long as it is asked."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen([*map(str, command)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seal(self, form, documents, outputs, threads=1):
        """{"milliseconds": [one for each document], "seconds"}; the outputs are new files."""
        self.process.stdin.write(self.line(form, [*map(str, documents)], [*map(str, outputs)], threads) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"bench: {self.process.args[0]} ended with status {self.process.wait(timeout=20)}")
        return json.loads(answer)

    def line(self, form, documents, outputs, threads):
        return json.dumps({"form": form, "documents": documents, "outputs": outputs, "threads": threads})

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class TabWorker(Worker):
    """Of a program without a reader of JSON."""

    def line(self, form, documents, outputs, threads):
        pairs = [name for pair in zip(documents, outputs) for name in pair]
        return "\t".join([form, *pairs])


class Contender:
    """Seals one document by command(), and many by a worker() where it has one."""

    name = ""
    program = []

    def __init__(self, place):
        self.place = place
        self.environment = place.environment

    def command(self, form, document, output):
        return [*self.program, form, document, output]

    def measured(self, form, document, output):
        return self.place.measured(*self.command(form, document, output), environment=self.environment)


class Signet(Contender):
    name = "Signet"

    def version(self):
        return run(COMMAND, "--version").split()[-1]

    def command(self, form, document, output):
        return [COMMAND, "seal", document, f"--{form}", "--key", LABEL, "--chain", self.place.chain, "--out", output]

    def batch(self, documents, folder, jobs):
        """All of them into a folder, measured."""
        return [MEASURED_RUN, COMMAND, "seal", *documents, "--external", "--key", LABEL, "--chain", self.place.chain, "--out-dir", folder,
                "--jobs", jobs]

    def worker(self, environment=None):
        options = ["--key", LABEL, "--pin-file", self.place.appliance.pin_file, "--chain", self.place.chain]
        return Worker([SEALBENCH, "library", *options], environment or self.environment)


class PyHanko(Contender):
    """Its CMS signer in a short program: its command makes CAdES of PDF files only."""

    name = "pyHanko"

    def __init__(self, place):
        super().__init__(place)
        self.program = [installed("pyhanko") / "venv/bin/python", "-B", PEERS / "pyhanko_sealer.py"]

    def version(self):
        return re.search(r"pyHanko==(\S+)", (CLIENTS / "pyhanko/requirements.txt").read_text()).group(1)

    def worker(self):
        return Worker(self.program, self.environment)


class PyHankoCommand(Contender):
    """What its command makes of any file: CMS that is not CAdES, external only."""

    name = "pyHanko's command (CMS)"

    def __init__(self, place):
        super().__init__(place)
        self.config = place.folder / "pyhanko.yml"
        self.config.write_text(f"pkcs11-setups:\n  seal:\n    module-path: {SIGNET}\n    token-criteria:\n      label: seal\n"
                               f"    cert-label: {LABEL}\n    other-certs: {place.chain}\n")

    def command(self, form, document, output):
        assert form == "external"
        return [installed("pyhanko") / "venv/bin/pyhanko", "--config", self.config, "sign", "addsig", "--detach", "pkcs11", "--p11-setup",
                "seal", document, output]


class Dss(Contender):
    name = "EU DSS"

    def __init__(self, place):
        super().__init__(place)
        jars = installed("dss") / "jars"
        classes = place.folder / "classes"
        run("javac", "-encoding", "UTF-8", "-cp", f"{jars}/*", "-d", classes, PEERS / "DssSealer.java")
        self.program = ["java", "-cp", f"{classes}:{jars}/*", "DssSealer"]

    def version(self):
        dss = re.search(r"dss-cades</artifactId>\s*<version>(.*)</version>", (CLIENTS / "dss/pom.xml").read_text()).group(1)
        java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.split('"')[1]
        return f"{dss} on Java {java}"

    def worker(self):
        return TabWorker(self.program, self.environment)


class OpenSsl(Contender):
    """Its command, with libp11's engine. Internal seals are streamed, into indefinite lengths: its leanest way."""

    name = "openssl cms"

    def __init__(self, place):
        super().__init__(place)
        engines = run("openssl", "version", "-e").split('"')[1]
        config = place.folder / "engine.cnf"
        config.write_text(
            "openssl_conf = openssl_init\n[openssl_init]\nengines = engines\n[engines]\npkcs11 = pkcs11_engine\n[pkcs11_engine]\n"
            f"engine_id = pkcs11\ndynamic_path = {engines}/pkcs11.so\nMODULE_PATH = {SIGNET}\ninit = 0\n")
        self.environment = {**place.environment, "OPENSSL_CONF": str(config)}
        key = f"pkcs11:token=seal;object={LABEL};type=private?pin-source=file:{place.appliance.pin_file}"
        self.program = ["openssl", "cms", "-sign", "-engine", "pkcs11", "-keyform", "engine", "-inkey", key, "-signer", place.certificate,
                        "-certfile", place.chain, "-binary", "-cades", "-nosmimecap", "-md", "sha256", "-outform", "DER"]

    def version(self):
        return run("openssl", "version").split()[1]

    def command(self, form, document, output):
        inside = ["-nodetach", "-stream"] if form == "internal" else []
        return [*self.program, *inside, "-in", document, "-out", output]


PEERS_BY_WORD = {"pyhanko": PyHanko, "dss": Dss, "openssl": OpenSsl}
