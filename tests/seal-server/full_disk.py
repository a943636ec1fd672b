#!/usr/bin/env python3
"""The disk of the seal server is full while clients open and end seals: nothing that was acknowledged is lost, nothing is
acknowledged that is not in the register, and the server goes on by itself once there is room.

  full_disk.py TIMES

The disk is a small tmpfs in a mount namespace of the test's own.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import kills
import seald

DISK = 12 * 1024 * 1024  # bytes
ROOM = (0, 4096, 9000, 30_000, 100_000)  # bytes that are left when the disk becomes full, in turns
REFUSALS = 20  # that each full disk must cause


def on_small_disk():
    """Begins again where a tmpfs is TMPDIR."""
    if os.environ.get("SIGNET_TEST_SMALL_DISK"):
        return
    with tempfile.TemporaryDirectory(prefix="signet-disk.") as disk:
        mount = f'mount -t tmpfs -o size={DISK} seald-test "$1" && shift && SIGNET_TEST_SMALL_DISK=yes exec "$@"'
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh", disk, sys.executable, *sys.argv],
                              env=os.environ | {"TMPDIR": disk}, check=False)
    sys.exit(done.returncode)


def fill(server, room):
    """A file that leaves that much."""
    free = os.statvfs(server.folder)
    with open(server.file("filler"), "wb") as filler:
        left = max(0, free.f_bavail * free.f_frsize - room)
        try:
            os.posix_fallocate(filler.fileno(), 0, left)
        except OSError:
            # Others took some meanwhile: then it is full.
            while filler.write(bytes(4096)):
                filler.flush()


def wait_for_refusals(state, wanted):
    with state.changed:
        while state.unavailable < wanted:
            assert state.changed.wait(seald.PATIENCE), "the full disk is not noticed"


def main():
    on_small_disk()
    times = int(sys.argv[1])
    state = kills.State()
    with seald.Server() as server:
        server.add_client("office")
        server.start()
        state.ports = [server.port]
        workers = kills.start_workers(server, state)
        for number in range(times):
            state.wait_for_seals(state.sealed + kills.SEALS_BETWEEN, workers)
            try:
                fill(server, ROOM[number % len(ROOM)])
            except OSError as full:
                print(full)
            wait_for_refusals(state, state.unavailable + REFUSALS)
            # Each second time it also ends there, and begins when there is room.
            if number % 2 == 1:
                assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            pathlib.Path(server.file("filler")).unlink()
            pathlib.Path(server.file("log")).write_text("", encoding="utf-8")
            if number % 2 == 1:
                server.start()
                state.ports = [server.port]
        state.wait_for_seals(state.sealed + kills.SEALS_BETWEEN, workers)
        state.done = True
        seals = kills.check_register(server, workers)
        assert server.stop() == 0, server.log()
        print(seald.run(seald.PROGRAM, "audit", "verify", server.dir, "--checkpoint", pathlib.Path(server.dir) / "checkpoint"))
    print(f"{times} full disks, {state.unavailable} refusals, {seals} seals")


if __name__ == "__main__":
    main()
