"""What bench/validating measures, row by row. All contenders of a row take turns, in changing order."""

import json
import os
import shutil
import statistics
import subprocess
import time

from appliance import ROOT
from pdf_document import write_pdf
from seal_contenders import MEASURED_RUN, TESTCA, CommandFailed, installed, run
from seal_contenders import Signet as Sealer
from seal_rows import Turns, rounds, spread, turned

LONG_TERM = "twin-ok4-lta-three-times"  # B-LTA: a signature time-stamp and three document time-stamps


def long_term_case(folder):
    """By conformance/validation/, in which nothing of ours takes part."""
    python = installed("pyhanko") / "venv/bin/python"
    run(python, "-B", ROOT / "conformance/validation/generate.py", folder / "cases", LONG_TERM)
    return folder / "cases" / LONG_TERM


class LargeCases:
    """PDF documents of any size with a seal, or several, of a trial authority."""

    def __init__(self, place):
        self.place = place
        self.sealer = Sealer(place)

    def make(self, size, seals):
        """The folder of a case."""
        case = self.place.folder / f"large-{size}-{seals}"
        (case / "trust").mkdir(parents=True)
        (case / "fresh").mkdir()
        write_pdf(case / "unsealed.pdf", size, sparse=True)
        (case / "unsealed.pdf").rename(case / "sealed-0.pdf")
        for number in range(seals):
            run(*self.sealer.command("pades", case / f"sealed-{number}.pdf", case / f"sealed-{number + 1}.pdf"),
                environment=self.place.environment)
            (case / f"sealed-{number}.pdf").unlink()
        (case / f"sealed-{seals}.pdf").rename(case / "doc.pdf")
        shutil.copy(self.place.chain, case / "trust/issuing.pem")
        run(TESTCA, "crl", self.place.folder / "ca", case / "fresh/issuing.crl")
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        expected = {"validation_time": now, "indication": "TOTAL-PASSED", "sub_indication": None}
        (case / "expected.json").write_text(json.dumps(expected))
        return case


class Validations:
    def __init__(self, folder, signet, peers, seconds, say):
        self.folder = folder
        self.signet = signet
        self.peers = peers
        self.seconds = seconds
        self.say = say

    def verdicts(self, contenders, case):
        """{name: what it says}; who fails is told, and asked no more. Signet has to be right."""
        said = {}
        for one in contenders:
            try:
                said[one.name] = one.said(case)
            except CommandFailed as failure:
                if one is self.signet or not self.seconds:
                    raise
                self.say(f"{one.name} failed: {failure.reason}")
                said[one.name] = failure
        if said[self.signet.name] != "TOTAL-PASSED":
            raise SystemExit(f"bench: signet verify says {said[self.signet.name]} of {case}")
        return said

    def processes(self, contenders, case):
        """One process each time, from its start to its end."""
        said = self.verdicts(contenders, case)
        turns = {one: Turns() for one in contenders}
        processor = {one: [] for one in contenders}
        for one in contenders:
            if isinstance(said[one.name], CommandFailed):
                turns[one].failed = said[one.name].reason
        able = [one for one in contenders if not turns[one].failed]
        for number in rounds(self.seconds):
            for one in turned(able, number):
                measured = one.measured(case)
                turns[one].add(measured)
                processor[one].append(measured["userSeconds"] + measured["systemSeconds"])
        return [turns[one].row(one.name, **({"says": said[one.name], "processorSeconds": spread(processor[one])} if one in able else {}))
                for one in contenders]

    # --- rows

    def cold(self, case):
        """From the start of the program to the verdict."""
        self.say("cold: a document with four time-stamps")
        return {"bytes": (case / "doc.pdf").stat().st_size, "rows": self.processes([self.signet, *self.peers], case)}

    def warm(self, case, times):
        """In one process that is running already."""
        self.say(f"warm: {times} verdicts a turn")
        workers = {one.name: one.worker(case) for one in [self.signet, *self.peers] if hasattr(one, "worker")}
        found = {who: {"milliseconds": [], "processorMilliseconds": []} for who in workers}
        # Programs that are compiled as they run become faster for a while.
        for worker in workers.values():
            for _ in range(3 if self.seconds else 0):
                worker.validate(times)
        said = {}
        for number in rounds(self.seconds):
            for who in turned([*workers], number):
                answer = workers[who].validate(times)
                said[who] = answer["verdict"]
                for kind, values in found[who].items():
                    values.append(statistics.median(answer[kind]))
        for worker in workers.values():
            worker.stop()
        if said[self.signet.name] != "TOTAL-PASSED":
            raise SystemExit(f"bench: the library says {said[self.signet.name]} of {case}")
        return {"times": times, "bytes": (case / "doc.pdf").stat().st_size,
                "rows": [{"who": who, "says": said[who], **{kind: spread(values) for kind, values in kinds.items()}}
                         for who, kinds in found.items()]}

    def large(self, cases, size, numbers):
        """Documents with so many seals each, beside `sha256sum`; from the page cache."""
        rows = []
        for seals in numbers:
            self.say(f"large: {size} bytes, {seals} seals")
            case = cases.make(size, seals)
            with (case / "doc.pdf").open("rb") as document:
                while document.read(1 << 24):
                    pass
            peers = self.peers if self.seconds else []  # a trial has had them in cold()
            rows += [{**row, "seals": seals} for row in self.processes([self.signet, Sha256Sum(), *peers], case)]
            shutil.rmtree(case)
            os.sync()
        return {"bytes": size, "rows": rows}


class Sha256Sum:
    name = "sha256sum"

    @staticmethod
    def said(_case):
        return ""

    @staticmethod
    def measured(case):
        return json.loads(subprocess.run([MEASURED_RUN, "sha256sum", case / "doc.pdf"], check=True, capture_output=True, text=True).stdout)
