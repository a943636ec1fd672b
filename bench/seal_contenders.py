"""Who seals in bench/sealing, by one key of one appliance: Signet, and those of its peers that make CAdES.

Each can seal one document in a process of its own, and where it has a worker many documents in one process that is running
already. The peers come from conformance/clients/, in pinned versions. seal_pdf_contenders.py has those for PDF alone.
"""

import json
import os
import pathlib
import re
import subprocess
import time

from appliance import BUILD, ROOT, SIGNET

MEASURED_RUN = BUILD / "bench/measured_run"
SEALBENCH = BUILD / "bench/sealbench"
COMMAND = BUILD / "signet-cli/signet"
TESTCA = ROOT / "tools/testca/testca"
CLIENTS = ROOT / "conformance/clients"
PEERS = ROOT / "bench/peers"
LABEL = "P-256"  # the fastest signature, so that whatever is done beside it weighs most


class CommandFailed(SystemExit):
    """Ends the run where nobody expects it."""

    def __init__(self, command, text):
        super().__init__(f"bench: {' '.join(map(str, command))}: {text}")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        self.reason = next((line for line in lines if "Error" in line or "Exception" in line), lines[-1] if lines else "no word")[:120]


def run(*command, environment=None, folder=None):
    """Its standard output; CommandFailed with its errors where it fails."""
    done = subprocess.run([*map(str, command)], env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandFailed(command, done.stderr or done.stdout)
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
        self.text = f"Sealed by {LABEL}\n{time.strftime('%Y-%m-%d %H:%M:%S %z')}"  # of the peers' visible seals
        self.environment = self.through(appliance.config())
        run(TESTCA, "init", self.folder / "ca")
        self.certificate = self.certify(LABEL)

    def certify(self, label):
        """The file of the certificate, which is on the appliance, too."""
        request, certificate = (self.folder / f"{label}.{kind}" for kind in ("csr", "pem"))
        run(COMMAND, "csr", label, "--subject", f"CN={label}", "--out", request, environment=self.environment)
        run(TESTCA, "issue", self.folder / "ca", request, certificate)
        run(COMMAND, "cert", "import", certificate, "--label", label, environment=self.environment)
        return certificate

    def through(self, config):
        """The environment of every contender, with this client configuration."""
        pin = self.appliance.pin_file.read_text().strip()
        return {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "SIGNET_CONFIG": str(config), "SIGNET_MODULE": str(SIGNET),
                "SIGNET_PIN": pin, "PYHANKO_PKCS11_PIN": pin, "MODULE": str(SIGNET), "PIN": pin, "KEY": LABEL, "CHAIN": str(self.chain),
                "TEXT": self.text}

    def measured(self, *command, environment=None):
        """{"seconds", "userSeconds", "systemSeconds", "peakKib"} of one process."""
        return json.loads(run(MEASURED_RUN, *command, environment=environment or self.environment))


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

    FORMS = {"external": ["--external"], "internal": ["--internal"], "pades": [],
             "visible": ["--visible", "page=1,corner=bottom-left", "--text", r"Sealed by {signer}\n{time}"]}

    def command(self, form, document, output):
        return [COMMAND, "seal", document, *self.FORMS[form], "--key", LABEL, "--chain", self.place.chain, "--out", output]

    def batch(self, form, documents, folder, jobs):
        """All of them into a folder, measured."""
        return [MEASURED_RUN, COMMAND, "seal", *documents, *self.FORMS[form], "--key", LABEL, "--chain", self.place.chain,
                "--out-dir", folder, "--jobs", jobs]

    def worker(self, environment=None):
        options = ["--key", LABEL, "--pin-file", self.place.appliance.pin_file, "--chain", self.place.chain]
        return Worker([SEALBENCH, "library", *options], environment or self.environment)


class PyHanko(Contender):
    """A short program, which needs no more of it than the seal does."""

    name = "pyHanko"

    def __init__(self, place):
        super().__init__(place)
        self.program = [installed("pyhanko") / "venv/bin/python", "-B", PEERS / "pyhanko_sealer.py"]

    def version(self):
        return re.search(r"pyHanko==(\S+)", (CLIENTS / "pyhanko/requirements.txt").read_text()).group(1)

    def worker(self):
        return Worker(self.program, self.environment)


class PyHankoCommand(Contender):
    """A PAdES seal, or what it makes of any file: CMS that is not CAdES, external only."""

    name = "pyHanko's command"

    def __init__(self, place):
        super().__init__(place)
        self.config = place.folder / "pyhanko.yml"
        self.config.write_text(f"pkcs11-setups:\n  seal:\n    module-path: {SIGNET}\n    token-criteria:\n      label: seal\n"
                               f"    cert-label: {LABEL}\n    other-certs: {place.chain}\n")

    def command(self, form, document, output):
        options = {"external": ["--detach"], "pades": ["--field", "Seal", "--use-pades"]}[form]
        return [installed("pyhanko") / "venv/bin/pyhanko", "--config", self.config, "sign", "addsig", *options, "pkcs11", "--p11-setup",
                "seal", document, output]


def java_version():
    return subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.split('"')[1]


def compiled(place, source, jars):
    """The class path of a program of peers/."""
    classes = place.folder / f"classes-{source}"
    run("javac", "-encoding", "UTF-8", "-cp", jars, "-d", classes, PEERS / "Peer.java", PEERS / f"{source}.java")
    return f"{classes}:{jars}"


def pinned(pom, artifact):
    """The version of a dependency in a pom.xml of conformance/clients/."""
    dependencies = (CLIENTS / pom / "pom.xml").read_text().partition("<dependencies>")[2]
    return re.search(rf"{artifact}</artifactId>\s*<version>(.*)</version>", dependencies).group(1)


class Dss(Contender):
    name = "EU DSS"

    def __init__(self, place):
        super().__init__(place)
        jars = installed("dss") / "jars/*"
        self.program = ["java", f"-Djava.io.tmpdir={place.folder}", "-cp", compiled(place, "DssSealer", jars), "DssSealer"]

    def version(self):
        return f"{pinned('dss', 'dss-cades')} on Java {java_version()}"

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
