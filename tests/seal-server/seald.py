"""A seal server in a folder of its own, for tests: signet-seald, its clients' keys by openssl, and curl."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

import jsonschema
import yaml

PROGRAM = os.environ["SIGNET_TEST_SEALD"]
CONTRACT = pathlib.Path(__file__).parents[2] / "seal-server/seal-v1.openapi.yaml"
PATIENCE = 60  # seconds until a program that should start or end counts as hanging


def run(*words, status=0):
    """What the program prints; it must end with `status`."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode != status:
        raise AssertionError(f"{' '.join(map(str, words))}: status {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
    return done.stdout.strip() if status == 0 else done.stderr.strip()


class Contract:
    """The OpenAPI file, against which each answer is checked."""

    def __init__(self):
        self.document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
        self.seen = set()

    def resolved(self, node):
        while "$ref" in node:
            target = self.document
            for name in node["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            node = target
        return node

    def operation(self, method, path):
        """The operation, and its name; None where the file has none for that path and method."""
        for template, item in self.document["paths"].items():
            wanted, given = template.strip("/").split("/"), path.strip("/").split("/")
            # Only a tile's index has slashes of its own.
            if wanted[-1] == "{index}" and len(given) > len(wanted):
                given = given[: len(wanted) - 1] + ["/".join(given[len(wanted) - 1:])]
            fits = len(wanted) == len(given) and all(w.startswith("{") or w == g for w, g in zip(wanted, given))
            if fits and method.lower() in item:
                return item[method.lower()]
        return None

    def check(self, method, target, status, media_type, body):
        operation = self.operation(method, target.split("?")[0])
        if operation is None:
            assert status in (404, 405), f"{method} {target} is answered {status}, and the contract has no such call"
            return
        responses = operation["responses"]
        response = self.resolved(responses.get(str(status), responses["default"]))
        assert media_type in response["content"], f"{method} {target}: an answer {status} of type {media_type}"
        if media_type.endswith("json"):
            schema = {"allOf": [response["content"][media_type]["schema"]], "components": self.document["components"]}
            jsonschema.Draft202012Validator(schema).validate(json.loads(body))
        if status == 200:
            self.seen.add(operation["operationId"])

    def operations(self):
        return {o["operationId"] for item in self.document["paths"].values() for m, o in item.items() if m != "parameters"}


class Server:
    """Initialised, and stopped at the end of a `with`. `beside`: another instance on that one's database."""

    def __init__(self, beside=None):
        self.scratch = tempfile.TemporaryDirectory(prefix="signet-seald.")
        self.folder = pathlib.Path(self.scratch.name)
        self.process = None
        self.port = 0
        if beside:
            shutil.copytree(beside.folder, self.folder, dirs_exist_ok=True)
            self.verifier = beside.verifier
            return
        self.make_key("server", "/CN=localhost", "subjectAltName=IP:127.0.0.1")
        database = os.environ.get("SIGNET_TEST_POSTGRESQL")
        self.verifier = run(PROGRAM, "init", self.dir, "--origin", "seals.example/log", "--certificates", self.file("server.crt"),
                            "--key", self.file("server.key"), *(["--database", database] if database else []))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.scratch.cleanup()

    @property
    def dir(self):
        return self.file("server")

    def file(self, name):
        return str(self.folder / name)

    def make_key(self, name, subject, extension="keyUsage=digitalSignature,keyAgreement", days="30"):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", days,
            "-subj", subject, "-addext", extension, "-keyout", self.file(name + ".key"), "-out", self.file(name + ".crt"))

    def add_client(self, name, *limits):
        """Its id and its key's name; its certificate is NAME.crt."""
        self.make_key(name, f"/CN={name}")
        client = run(PROGRAM, "client", "add", self.dir, "--name", name, "--organisation", "NTRCZ-00000019", *limits)
        key = run(PROGRAM, "client", "add-key", self.dir, "--client", client, "--certificate", self.file(name + ".crt"))
        return client, key

    def start(self):
        ready = pathlib.Path(self.file("ready"))
        ready.unlink(missing_ok=True)
        with open(self.file("log"), "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([PROGRAM, "run", self.dir, "--ready-file", str(ready)], stderr=log)
        end = time.monotonic() + PATIENCE
        while not ready.exists():
            assert self.process.poll() is None, f"the server ended:\n{self.log()}"
            assert time.monotonic() < end, f"the server does not start:\n{self.log()}"
            time.sleep(0.02)
        self.port = int(ready.read_text(encoding="utf-8"))

    def stop(self, number=signal.SIGTERM):
        """Its status."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.process = None
        return status

    def log(self):
        return pathlib.Path(self.file("log")).read_text(encoding="utf-8")

    def curl(self, client, method, path, body=None, key=None):
        """Status, media type, body; status 0 where there was no answer. `client`: whose certificate; None: none."""
        words = ["curl", "--silent", "--max-time", str(PATIENCE), "--cacert", self.file("server.crt"), "--request", method,
                 "--write-out", "\n%{http_code} %{content_type}", f"https://127.0.0.1:{self.port}{path}"]
        if client:
            words += ["--cert", self.file(client + ".crt"), "--key", self.file(client + ".key")]
        if body is not None:
            words += ["--header", "Content-Type: application/json", "--data-binary", json.dumps(body)]
        if key:
            words += ["--header", f"Idempotency-Key: {key}"]
        done = subprocess.run(words, capture_output=True, timeout=2 * PATIENCE, check=False)
        answer, _, end = done.stdout.rpartition(b"\n")
        status, _, media_type = end.decode().partition(" ")
        return int(status), media_type.split(";")[0], answer


def query(**values):
    return "?" + urllib.parse.urlencode(values, quote_via=urllib.parse.quote)
