"""What bench/sealing measures of one format, row by row.

All contenders of a row take turns, in changing order, for as long as the row has.
"""

import contextlib
import json
import os
import pathlib
import statistics
import time

from appliance import SIGNBENCH, loaded
from seal_contenders import LABEL, SEALBENCH, CommandFailed, Worker, run

MIB = 1024 * 1024
LEAST_ROUNDS = 3
ROUND_TRIP = 20  # milliseconds, of the batch
JOBS = 16


def rounds(seconds):
    """0, 1, … for as long as a row has, and three times at least; once where it has no time at all."""
    began = time.monotonic()
    number = 0
    while number < (LEAST_ROUNDS if seconds else 1) or time.monotonic() - began < seconds:
        yield number
        number += 1


def spread(values):
    return {"median": statistics.median(values), "low": min(values), "high": max(values), "rounds": len(values)}


def turned(things, number):
    """In another order each time."""
    at = number % len(things)
    return [*things[at:], *things[:at]]


def available_memory():
    """Bytes."""
    lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("MemAvailable:")))


def drop_from_cache(file):
    """So that it is read from where it lies."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


class Turns:
    """The measurements of one contender: one process, or one turn of many seals, each time."""

    def __init__(self):
        self.seconds = []
        self.peaks = []
        self.failed = None  # why

    def add(self, measured):
        self.seconds.append(measured["seconds"])
        self.peaks.append(measured["peakKib"])

    def row(self, who, **more):
        if self.failed:
            return {"who": who, **more, "failed": self.failed}
        return {"who": who, **more, "seconds": spread(self.seconds), "peakKib": max(self.peaks)}


class Rows:
    def __init__(self, place, format_, signet, peers, seconds, say):
        self.place = place
        self.format = format_
        self.signet = signet
        self.peers = peers
        self.seconds = seconds
        self.say = say
        self.folder = place.folder / f"documents-{format_.word}"
        self.folder.mkdir()

    # --- documents

    def document(self, name, size, sparse=False):
        """Written a minute ago, as far as anybody can see: what was written just now would be digested twice."""
        file = self.folder / f"{name}{self.format.suffix}"
        self.format.write(file, size, sparse)
        old = time.time() - 60
        os.utime(file, (old, old))
        return file

    def rounds(self):
        return rounds(self.seconds)

    def settle(self):
        """What a removal leaves the disk to do is done before anybody's clock starts."""
        if self.seconds:
            os.sync()

    def empty(self, folder):
        for file in [*folder.iterdir()]:
            file.unlink()
        self.settle()

    @contextlib.contextmanager
    def output(self, name="seal"):
        """A name for a file, which is removed with what was written there."""
        file = self.folder / name
        file.unlink(missing_ok=True)
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)
            self.settle()

    def one_process(self, turns, contender, form, document, check):
        """Measured, for these turns; with `check` the seal is verified afterwards.

        A peer that cannot do it is not asked again, and the row tells why. In a trial that is an error.
        """
        if turns.failed:
            return
        try:
            with self.output() as out:
                turns.add(contender.measured(form, document, out))
                if check:
                    self.format.verify(form, out, document)
        except CommandFailed as failure:
            if contender is self.signet or not self.seconds:
                raise
            self.say(f"{contender.name} failed: {failure.reason}")
            turns.failed = failure.reason

    def peers_of_all_rows(self):
        """A trial of PDF has each peer as a command in cold() and as a worker in growth(), and needs them nowhere else."""
        return self.peers if self.seconds or not self.format.beside_growth else []

    # --- rows

    def cold(self, size):
        """One document, one process: from the start of the program to its end."""
        self.say(f"cold start: {size} bytes")
        document = self.document("cold", size)
        contenders = [self.signet, *self.peers, *self.format.commands(self.peers)]
        turns = {contender.name: Turns() for contender in contenders}
        for number in self.rounds():
            for contender in turned(contenders, number):
                self.one_process(turns[contender.name], contender, self.format.form, document, check=number == 0)
        return {"bytes": size, "rows": [turns[contender.name].row(contender.name) for contender in contenders]}

    def floor(self, *options, environment=None):
        return Worker([SEALBENCH, "floor", "--key", LABEL, "--pin-file", self.place.appliance.pin_file, *options],
                      environment or self.place.environment)

    def warm(self, size, seals):
        """Many documents in one process that is running already."""
        self.say(f"warm: {seals} documents of {size} bytes a turn")
        documents = [self.document(f"warm-{number}", size) for number in range(seals)]
        sealed = self.place.folder / f"sealed-warm-{self.format.word}"
        sealed.mkdir()
        outputs = [sealed / document.name for document in documents]
        workers = {"Signet": self.signet.worker(), "floor": self.floor("--synced"), "floor, not synced": self.floor()}
        workers |= {peer.name: peer.worker() for peer in self.peers_of_all_rows() if hasattr(peer, "worker")}
        times = {(who, form): [] for form in self.format.forms for who in workers}  # who is compared is close in time

        def turn(who, form, check=False):
            milliseconds = workers[who].seal(form, documents, outputs)["milliseconds"]
            if check and not who.startswith("floor"):
                self.format.verify(form, outputs[-1], documents[-1])
            self.empty(sealed)
            return statistics.median(milliseconds)

        # Programs that are compiled as they run become faster for a while.
        for who in workers:
            for form in self.format.forms * (3 if self.seconds else 1):
                turn(who, form, check=True)
        for number in self.rounds():
            for who, form in turned([*times], number):
                times[who, form].append(turn(who, form))
        for worker in workers.values():
            worker.stop()
        self.empty(self.folder)
        return {"bytes": size, "seals": seals,
                "rows": [{"who": who, "form": form, "milliseconds": spread(values)} for (who, form), values in times.items()]}

    def whole(self, size):
        """One document of many megabytes, one process, beside `sha256sum` and `cp`."""
        self.say(f"one document of {size} bytes")
        document = self.document("whole", size)
        contenders = [self.signet, *self.peers_of_all_rows()]
        turns = {(contender, form): Turns() for contender in contenders for form in self.format.forms}
        floor, synced = Turns(), Turns()
        for number in self.rounds():
            for contender, form in turned([*turns], number):
                self.one_process(turns[contender, form], contender, form, document, check=number == 0)
            with self.output() as out:
                parts = [self.place.measured(*command) for command in (("sha256sum", document), ("cp", document, out), ("sync", out))]
            for each, some in ((floor, parts[:2]), (synced, parts)):
                each.add({"seconds": sum(part["seconds"] for part in some), "peakKib": max(part["peakKib"] for part in some)})
        self.empty(self.folder)
        rows = [each.row(contender.name, form=form) for (contender, form), each in turns.items()]
        return {"bytes": size, "rows": [*rows, floor.row("sha256sum + cp", form=""), synced.row("sha256sum + cp + sync", form="")]}

    def batch(self, files):
        """Many small documents over a link with a delay, beside the signatures of the module alone."""
        size, form = self.format.batch_bytes, self.format.form
        self.say(f"batch: {files} documents of {size} bytes, {JOBS} jobs, {ROUND_TRIP} ms")
        documents = [self.document(f"batch-{number}", size) for number in range(files)]
        sealed = self.place.folder / f"sealed-{self.format.word}"
        sealed.mkdir()
        outputs = [sealed / document.name for document in documents]
        with self.place.appliance.delayed(ROUND_TRIP) as link:
            environment = self.place.through(self.place.appliance.config(link.port))
            workers = [self.signet.worker(environment), self.floor("--synced", environment=environment)]

            def running(worker):
                return files / worker.seal(form, documents, outputs, threads=JOBS)["seconds"]

            def command():
                return files / json.loads(run(*self.signet.batch(form, documents, sealed, JOBS), environment=environment))["seconds"]

            measurements = {
                "Signet, the command": command,
                "the module alone, from its start": lambda: self.module_rate(files, environment, from_start=True),
                "Signet, running already": lambda: running(workers[0]),
                "floor, running already": lambda: running(workers[1]),
                "the module alone, running already": lambda: self.module_rate(files, environment, from_start=False),
            }
            for worker in workers:
                running(worker)
                if worker is workers[0]:
                    self.format.verify(form, outputs[-1], documents[-1])
                self.empty(sealed)
            rates = {who: [] for who in measurements}
            for number in self.rounds():
                for who in turned([*rates], number):
                    rates[who].append(measurements[who]())
                    self.empty(sealed)
            for worker in workers:
                worker.stop()
        self.empty(self.folder)
        return {"bytes": size, "files": files, "jobs": JOBS, "roundTrip": ROUND_TRIP,
                "rows": [{"who": who, "perSecond": spread(values)} for who, values in rates.items()]}

    def module_rate(self, signatures, environment, *, from_start):
        """A second; from the start: with loading, login and the connections of all threads."""
        options = ["--key", LABEL, "--pin-file", self.place.appliance.pin_file, "--threads", JOBS, "--signatures", signatures,
                   "--warm-up", 0 if from_start else 4]
        result = json.loads(run(SIGNBENCH, "module", *options, environment=environment))
        if not from_start:
            return result["perSecond"]
        start = sum({**loaded(environment), **result}[f"{part}Milliseconds"] for part in ("load", "initialize", "login", "firstFind"))
        return signatures / (start / 1e3 + result["seconds"])

    def large(self, size, beside):
        """Time for a byte and memory of a large document, and of one of `beside` bytes; mostly of holes in a file.

        Both come from the page cache where it has room for them, else neither does.
        """
        cached = size < available_memory() / 2
        self.say(f"large: {size} bytes, {'from' if cached else 'not from'} the page cache")
        documents = {bytes_: self.document(f"large-{bytes_}", bytes_, sparse=True) for bytes_ in (beside, size)}
        peers = self.peers if self.seconds else []  # a trial has had them in whole()
        contenders = [(self.signet, beside), (self.signet, size), *((peer, size) for peer in peers)]
        turns = {one: Turns() for one in contenders}
        for document in documents.values():
            self.place.measured("cat", document)  # its output goes nowhere
        for number in self.rounds():
            for contender, bytes_ in turned(contenders, number):
                if not cached:
                    drop_from_cache(documents[bytes_])
                self.one_process(turns[contender, bytes_], contender, self.format.form, documents[bytes_], check=False)
        self.empty(self.folder)
        return {"bytes": size, "form": self.format.form, "beside": beside, "cached": cached,
                "rows": [each.row(contender.name, bytes=bytes_) for (contender, bytes_), each in turns.items()]}

    def growth(self, size):
        """Bytes that a seal adds to a PDF document, invisible and visible; the same each time, so once is enough."""
        self.say(f"growth of a document of {size} bytes")
        document = self.document("growth", size)
        rows = [self.grown(self.signet.name, document, {form: lambda out, form=form: self.signet.measured(form, document, out)
                                                        for form in ("pades", "visible")})]
        for peer in self.peers:
            worker = peer.worker()
            rows.append(self.grown(peer.name, document, {form: lambda out, form=form: worker.seal(form, [document], [out])
                                                         for form in ("pades", "visible")}))
            worker.stop()
        other = self.format.beside_growth(self.place)
        rows.append(self.grown(other.name, document, {"pades": lambda out: other.measured("pades", document, out)}))
        self.empty(self.folder)
        return {"bytes": size, "rows": rows}

    def grown(self, who, document, seals):
        """`seals`: {form: makes an output}."""
        row = {"who": who}
        for form, make in seals.items():
            with self.output() as out:
                make(out)
                self.format.verify(form, out, document)
                row[form] = {"added": out.stat().st_size - document.stat().st_size, "fonts": self.format.fonts(out)}
        return row
