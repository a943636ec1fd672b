"""System calls of a warm signature, by name, counted by strace."""

import collections
import os
import re
import subprocess

from appliance import SIGNBENCH


def counted(key, environment, folder, signatures):
    """Of a whole run: {"poll": 2000, ...}"""
    out = folder / "strace.out"
    command = ["strace", "--follow-forks", "--summary-only", f"--output={out}", str(SIGNBENCH), "module", *map(str, key),
               "--signatures", str(signatures), "--warm-up", "0"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    calls = collections.Counter()
    for line in out.read_text().splitlines():
        # % time, seconds, microseconds a call, calls, errors if there are any, name
        if match := re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)(?:\s+\d+)?\s+(\w+)$", line):
            calls[match.group(2)] += int(match.group(1))
    del calls["total"]
    del calls["clock_nanosleep"]  # signbench, which looks at its memory meanwhile
    return calls


def system_calls_of_a_signature(key, environment, folder, signatures=500):
    """On the average: {"poll": 1.0, ...}, without what comes once in a while."""
    first = 50  # connecting, and what is made once
    few = counted(key, environment, folder, first)
    many = counted(key, environment, folder, first + signatures)
    each = {name: (many[name] - few[name]) / signatures for name in many}
    return {name: value for name, value in each.items() if abs(value) >= 0.01}
