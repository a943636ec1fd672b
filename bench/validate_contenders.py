"""Who validates in bench/validating: Signet, EU DSS, pyHanko and pdfsig.

A case is a folder as conformance/validation/ has them: doc.pdf, trust/, crls/ or fresh/, and expected.json. Each contender judges it by
one process, and those with a worker many times in one that is running already. Nobody uses the network.
"""

import json
import re
import subprocess
import sys

from appliance import BUILD, ROOT
from seal_contenders import CLIENTS, COMMAND, MEASURED_RUN, PEERS, CommandFailed, installed, java_version, pinned, run

sys.path.insert(0, str(ROOT / "conformance/validation"))
import run as table  # noqa: E402

table.SIGNET = COMMAND
GOOD = (0, 40, 41)  # statuses of those that give a verdict by theirs


def expectations(case):
    return json.loads((case / "expected.json").read_text(encoding="utf-8"))


class Worker:
    """A process that validates one case for as long as it is asked."""

    def __init__(self, command):
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def validate(self, times):
        """{"milliseconds": [one for each], "processorMilliseconds": [likewise], "verdict"}."""
        self.process.stdin.write(json.dumps({"times": times}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"bench: {self.process.args[0]} ended with status {self.process.wait(timeout=20)}")
        return json.loads(answer)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Contender:
    name = ""

    def measured(self, case):
        """{"seconds", "userSeconds", "systemSeconds", "peakKib"} of one process."""
        command = [MEASURED_RUN, *map(str, self.command(case))]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if not done.stdout:
            raise CommandFailed(command, done.stderr)
        return json.loads(done.stdout)

    def said(self, case):
        """Its verdict, in a word or two; CommandFailed where it has none."""
        command = [*map(str, self.command(case))]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode not in GOOD or not done.stdout:
            raise CommandFailed(command, done.stderr or done.stdout)
        return self.verdict_in(done.stdout)

    def verdict_in(self, output):
        return output.strip()


class Signet(Contender):
    name = "Signet"

    @staticmethod
    def version():
        return run(COMMAND, "--version").split()[-1]

    def command(self, case):
        return table.command(case, expectations(case))

    def verdict_in(self, output):
        first = json.loads(output)["signatures"][0]
        return "/".join(filter(None, [first["indication"], first.get("subIndication")]))

    def worker(self, case):
        return Worker([BUILD / "bench/verifybench", case, "--lines"])


class Dss(Contender):
    """It has no command: a short program, in Java as it is started, with the class that is a judge in the tests."""

    name = "EU DSS"

    def __init__(self, folder):
        jars = installed("dss-judge") / "jars/*"
        classes = folder / "classes-validator"
        run("javac", "-encoding", "UTF-8", "-cp", jars, "-d", classes, "-sourcepath", ROOT / "conformance/judges",
            PEERS / "DssValidator.java")
        self.program = ["java", f"-Djava.io.tmpdir={folder}", "-cp", f"{classes}:{jars}", "DssValidator"]

    @staticmethod
    def version():
        return f"{pinned('dss-judge', 'dss-validation')} on Java {java_version()}"

    def command(self, case):
        return [*self.program, case]

    def worker(self, case):
        return Worker([*self.program, case, "--lines"])


class PyHanko(Contender):
    """A short program, which starts faster than its command."""

    name = "pyHanko"

    def __init__(self, _folder):
        self.program = [installed("pyhanko") / "venv/bin/python", "-B", PEERS / "pyhanko_validator.py"]

    @staticmethod
    def version():
        return re.search(r"pyHanko==(\S+)", (CLIENTS / "pyhanko/requirements.txt").read_text()).group(1)

    def command(self, case):
        return [*self.program, case]

    def worker(self, case):
        return Worker([*self.program, case, "--lines"])


class PdfSig(Contender):
    """Its command, which judges everything at the present, and looks for no revocation data in the document."""

    name = "pdfsig"

    def __init__(self, folder):
        self.folder = folder
        self.databases = {}

    @staticmethod
    def version():
        return run("dpkg-query", "-W", "-f", "${Version}", "poppler-utils").split("-")[0]

    def command(self, case):
        return ["pdfsig", "-nssdir", self.trust(case), "-no-ocsp", case / "doc.pdf"]

    def trust(self, case):
        """The case's anchors as NSS has them."""
        if case not in self.databases:
            folder = self.folder / f"nss-{case.name}"
            folder.mkdir()
            database = f"sql:{folder}"
            run("certutil", "-N", "-d", database, "--empty-password")
            for anchor in sorted((case / "trust").iterdir()):
                run("certutil", "-A", "-d", database, "-n", anchor.name, "-t", "C,C,C", "-i", anchor)
            self.databases[case] = database
        return self.databases[case]

    def verdict_in(self, output):
        found = [re.search(rf"{what} Validation: (.*?)\.?$", output, re.MULTILINE) for what in ("Signature", "Certificate")]
        return ", ".join(one.group(1) for one in found if one)


PEERS_BY_WORD = {"dss": Dss, "pyhanko": PyHanko, "pdfsig": PdfSig}
