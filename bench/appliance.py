"""What is measured: an emulated appliance, SoftHSMv2 by itself, and SoftHSMv2 behind p11-kit's remoting."""

import collections
import contextlib
import json
import os
import pathlib
import re
import secrets
import ssl
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("SIGNET_BENCH_BUILD", ROOT / "build/release"))
SIGNBENCH = BUILD / "bench/signbench"
SIGNET = BUILD / "signet-pkcs11.so"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
KEYS = {"P-256": "ec:P-256", "RSA-2048": "rsa:2048", "RSA-3072": "rsa:3072"}


# A way to the appliance: the port on 127.0.0.1, and the process that delays it (None: the appliance's own port).
Link = collections.namedtuple("Link", "port process")


def wait_for(condition, what):
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise SystemExit(f"bench: {what} did not start")


@contextlib.contextmanager
def running(command, **options):
    """A process of ours, ended by its process id when the block is left."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


class Appliance:
    """signet-emulator in a folder of its own, with one key of each kind, labelled as in KEYS."""

    def __init__(self, folder):
        self.folder = folder
        self.pin_file = folder / "pin"
        self.pin_file.write_text(f"{secrets.randbelow(10**12):012}")
        self.state = folder / "appliance"
        self.process = None
        keys = [option for label, kind in KEYS.items() for option in ("--key", f"{kind}:{label}")]
        subprocess.run(
            [BUILD / "softhsm-backend/signet-emulator", "init", self.state, "--listen", "127.0.0.1:0", "--user", "seal",
             "--password-file", self.pin_file, *keys], check=True, stdout=subprocess.DEVNULL)

    @contextlib.contextmanager
    def run(self):
        ready = self.state / "ready"
        log = (self.folder / "emulator.log").open("wb")
        command = [BUILD / "softhsm-backend/signet-emulator", "run", self.state, "--ready-file", ready]
        with log, running(command, stdout=log, stderr=log) as process:
            self.process = process.pid
            wait_for(ready.exists, "the emulator")
            yield self

    def account(self, *options):
        subprocess.run([BUILD / "softhsm-backend/signet-emulator", "account", self.state, "seal", *map(str, options)], check=True,
                       stdout=subprocess.DEVNULL)

    @property
    def url(self):
        return re.search(r'url *= *"(.*)"', (self.state / "client.toml").read_text()).group(1)

    @property
    def port(self):
        return int(self.url.split(":")[2].split("/")[0])

    def config(self, port=None, connections=None):
        """A client configuration, through another port or with another number of connections."""
        text = (self.state / "client.toml").read_text()
        if port:
            text = text.replace(f":{self.port}/", f":{port}/")
        if connections:
            text = text.replace("[[token.member]]", f"[token.limits]\n  connections = {connections}\n\n  [[token.member]]", 1)
        file = self.folder / f"client-{port or 0}-{connections or 0}.toml"
        file.write_text(text)
        file.chmod(0o600)
        return file

    def control(self, method, path, body=None):
        """The control interface, which asks for no password on loopback."""
        request = urllib.request.Request(self.url.replace("/dsa/v1", f"/x-emulator/v1/{path}"), method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        # Loopback, and no secret in it.
        context = ssl._create_unverified_context()
        with urllib.request.urlopen(request, context=context) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def counters(self):
        return self.control("GET", "counters")

    @contextlib.contextmanager
    def slow_signatures(self, milliseconds):
        """Every signature takes so much longer in the appliance, without a processor's help."""
        self.control("POST", "faults", {"kind": "delay", "ms": milliseconds, "times": 0,
                                        "match": {"method": "POST", "path_prefix": "/dsa/v1/keys/"}})
        try:
            yield
        finally:
            self.control("DELETE", "faults")

    @contextlib.contextmanager
    def delayed(self, milliseconds):
        """A Link with a longer round trip; the appliance's own port where nothing is added."""
        if not milliseconds:
            yield Link(self.port, None)
            return
        command = [SIGNBENCH, "proxy", "--to", str(self.port), "--round-trip", str(milliseconds)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Link(int(process.stdout.readline()), process.pid)
        finally:
            process.stdin.close()
            process.wait(timeout=20)


class StandIn(Appliance):
    """signet-bench-stand-in: takes as little time as an appliance can, so that it hides nothing of a client's own."""

    def __init__(self, folder):
        self.folder = self.state = folder / "stand-in"
        self.folder.mkdir()
        self.pin_file = self.folder / "pin"
        self.pin_file.write_text(f"{secrets.randbelow(10**12):012}")
        self.process = None

    @contextlib.contextmanager
    def run(self):
        config = self.state / "client.toml"
        config.touch(0o600)
        command = [BUILD / "bench/signet-bench-stand-in", "--pin-file", self.pin_file, "--config", config]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            process.stdout.readline()  # its port: it listens
            self.process = process.pid
            yield self
        finally:
            process.stdin.close()
            process.wait(timeout=20)


def measure(arguments, environment=None):
    """One run of signbench; its JSON object."""
    run = subprocess.run([SIGNBENCH, *map(str, arguments)], env={**os.environ, **(environment or {})}, capture_output=True,
                         text=True)
    if run.returncode != 0:
        raise SystemExit(f"bench: signbench {' '.join(map(str, arguments))}: {run.stderr}")
    return json.loads(run.stdout) if run.stdout else {}


def key_options(appliance, label):
    return ["--key", label, "--pin-file", appliance.pin_file] + (["--rsa"] if label.startswith("RSA") else [])


def signet_environment(config):
    return {"SIGNET_MODULE": str(SIGNET), "SIGNET_CONFIG": str(config)}


class SoftHsm:
    """SoftHSMv2 with the same kinds of keys and the same PIN, made by pkcs11-tool."""

    def __init__(self, appliance):
        self.folder = appliance.folder / "softhsm"
        (self.folder / "tokens").mkdir(parents=True)
        config = self.folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.environment = {"SOFTHSM2_CONF": str(config), "SIGNET_MODULE": SOFTHSM}
        self.pin = appliance.pin_file.read_text()
        self.tool("--init-token", "--slot-index", "0", "--label", "seal", "--so-pin", "env:PIN")
        self.tool("--login", "--login-type", "so", "--so-pin", "env:PIN", "--init-pin", "--pin", "env:PIN", "--token-label", "seal")
        for number, label in enumerate(KEYS, start=1):
            kind = label.lower().replace("-", ":").replace("p:256", "EC:prime256v1")
            self.tool("--login", "--pin", "env:PIN", "--keypairgen", "--key-type", kind, "--label", label, "--id", f"{number:02}",
                      "--token-label", "seal")

    def tool(self, *arguments):
        subprocess.run(["pkcs11-tool", "--module", SOFTHSM, *arguments], env={**os.environ, **self.environment, "PIN": self.pin},
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextlib.contextmanager
    def remoted(self):
        """The environment of a client of p11-kit's server over a unix socket."""
        socket = self.folder / "p11-kit.socket"
        command = ["p11-kit", "server", "--foreground", "--name", socket, "--provider", SOFTHSM, "pkcs11:"]
        with running(command, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL):
            wait_for(socket.exists, "p11-kit server")
            client = next(pathlib.Path("/usr/lib").glob("*/pkcs11/p11-kit-client.so"))
            yield {"SIGNET_MODULE": str(client), "P11_KIT_SERVER_ADDRESS": f"unix:path={socket}"}


def loaded(environment=None):
    """Loading the module and initialising it, by a program that is linked to libc alone: times and memory."""
    run = subprocess.run([BUILD / "bench/load_driver", SIGNET], env=environment, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)
