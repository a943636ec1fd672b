#!/usr/bin/env python3
"""replay.py [STORY...]: documents that `signet preserve` keeps verifiable over the years, at simulated moments: years (sealed in 2012,
extended in 2016, 2019, 2022 and 2027, and each extension missed by a day), timer (kept by a timer), suites (an algorithm ends).

Environment: SIGNET_TEST_COMMAND, the built command.
"""
import os
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "validation")]

import judges

if not os.environ.get("REPLAY_INSIDE"):
    python = str(judges.installed("pyhanko") / "venv/bin/python")
    os.execve(python, [python, "-B", "-W", "ignore", *sys.argv], os.environ | {"REPLAY_INSIDE": "yes"})

import suites
import timer
import years
from archive import Archive
from authorities import serving

STORIES = {"years": (years.replay, years.AUTHORITIES), "timer": (timer.kept_by_timer, years.AUTHORITIES),
           "suites": (suites.pulled_forward, suites.AUTHORITIES)}


def main():
    """Each in a folder of its own."""
    with judges.started() as bench:
        for name in sys.argv[1:] or STORIES:
            began = time.monotonic()
            tell, wishes = STORIES[name]
            with tempfile.TemporaryDirectory() as folder, serving(wishes) as authorities:
                os.chdir(folder)
                archive = Archive(authorities, bench)
                tell(archive)
                os.chdir("/")
            print(f"{name}: {archive.commands} commands, {archive.verdicts} verdicts in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"replay.py: {failure}")
