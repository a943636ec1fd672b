"""Independent judges of sealed documents, for test scripts: EU DSS and Bouncy Castle in one Java process, pyHanko in one
Python process, and the openssl command.

    judges = judges.start()
    judges.judge("bc", signature="a.p7s", detached="a")    {"signatures": [...]}, or Failure
    judges.stop()
"""
import contextlib
import json
import pathlib
import queue
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 300  # s, for one document: pyHanko is slow with 100,000 pages


class Failure(Exception):
    """A judge could not judge, or found something else than expected."""


def installed(client):
    """The folder of a pinned client; installs it where it is missing."""
    done = subprocess.run([HERE.parent / "clients" / "install.sh", client], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(done.stdout.strip())


class Process:
    """Lines to a process and back."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def ask(self, request):
        """The answer to one request."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.lines.get(timeout=TIMEOUT)
        except (queue.Empty, BrokenPipeError):
            line = None
        if line is None:
            self.process.kill()  # a late answer would be taken for the next one's
            raise Failure(f"the judge gave no answer to {request}")
        answer = json.loads(line)
        if "failure" in answer:
            raise Failure(answer["failure"])
        return answer

    def stop(self):
        """Waits for its end."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Judges:
    """All of them."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        jars = f"{installed('dss-judge')}/jars/*"
        python = installed("pyhanko") / "venv/bin/python"
        subprocess.run(["javac", "-encoding", "UTF-8", "-cp", jars, "-d", self.folder.name, *HERE.glob("*.java")], check=True)
        self.java = Process(["java", "-cp", f"{self.folder.name}:{jars}", "Judge"])
        self.python = Process([python, "-B", HERE / "pyhanko_judge.py"])

    def judge(self, name, **request):
        """name: dss (trusted, policy, suite, crls, ocsps, time, password, lists, journal), bc, pyhanko (trusted, password, strict), parts
        or openssl (trusted)."""
        if name == "openssl":
            return openssl(**request)
        return (self.python if name in ("pyhanko", "parts") else self.java).ask({"judge": name, **request})

    def stop(self):
        """Ends their processes."""
        self.java.stop()
        self.python.stop()
        self.folder.cleanup()


def start():
    """To be stopped by stop()."""
    return Judges()


TESTCA = HERE.parents[1] / "tools/testca/testca"


def run(*command):
    """Its output; silent unless it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failure(f"{command}: {done.stdout}")
    return done.stdout


@contextlib.contextmanager
def served(authority):
    """The address of the trial authority in this folder, while it answers."""
    ready = pathlib.Path("served")
    with subprocess.Popen([TESTCA, "serve", authority, "--ready-file", ready], stderr=subprocess.DEVNULL) as server:
        try:
            began = time.monotonic()
            while not ready.exists():
                if server.poll() is not None or time.monotonic() - began > 60:
                    raise Failure("the authority did not start")
                time.sleep(0.05)
            yield ready.read_text(encoding="ascii").strip()
        finally:
            server.terminate()


@contextlib.contextmanager
def started():
    """All judges, until they are not needed any more."""
    bench = start()
    try:
        yield bench
    finally:
        bench.stop()


def openssl(signature, trusted, detached=None, cades=True):
    """{"valid": ..., "error": ...} of `openssl cms -verify -cades`, or without -cades; it says one thing of all signatures."""
    command = ["openssl", "cms", "-verify", *(["-cades"] if cades else []), "-binary", "-inform", "DER", "-in", signature,
               "-purpose", "any", "-out", "/dev/null"]
    for file in trusted:
        command += ["-CAfile", file]
    command += ["-content", detached] if detached else []
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT, check=False)
    return {"valid": done.returncode == 0, "error": "" if done.returncode == 0 else done.stderr}


def expect(what, answer, count=1, **facts):
    """Each of the `count` signatures of an answer has these facts."""
    found = answer["signatures"] if "signatures" in answer else [answer]
    if len(found) != count:
        raise Failure(f"{what}: {len(found)} signatures, not {count}")
    for one in found:
        for key, wanted in facts.items():
            if one[key] != wanted:
                raise Failure(f"{what}: {key} is {one[key]!r}, not {wanted!r}: {one}")
