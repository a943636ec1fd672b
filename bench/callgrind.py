"""Instructions of the warm C_SignInit + C_Sign, by library, counted by valgrind's callgrind."""

import os
import re
import subprocess

from appliance import SIGNBENCH

GROUPS = {"signet": "Signet", "libcurl": "libcurl", "libcrypto": "OpenSSL", "libssl": "OpenSSL", "libc.": "libc", "ld-linux": "libc",
          "libstdc++": "libc", "libm.": "libc", "libpthread": "libc"}


def group_of(object_file):
    name = os.path.basename(object_file)
    return next((group for prefix, group in GROUPS.items() if name.startswith(prefix)), "other")


def self_costs(lines):
    """Instructions by object file. A line behind `calls=` is the callee's share and counted there."""
    names, costs, current, is_call = {}, {}, None, False
    for line in lines:
        if match := re.match(r"ob=\((\d+)\)(?: (.*))?$", line):
            number, name = match.groups()
            current = names.setdefault(number, name)
        elif match := re.match(r"cob=\((\d+)\) (.*)$", line):
            names[match.group(1)] = match.group(2)
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[+\-*\d]", line):
            if not is_call:
                costs[current] = costs.get(current, 0) + int(line.split()[1])
            is_call = False
    return costs


def calls_of(lines, function):
    """How often a function was called while counting was on."""
    names, count, callee = {}, 0, None
    for line in lines:
        if match := re.match(r"c?fn=\((\d+)\)(?: (.*))?$", line):
            number, name = match.groups()
            if name:
                names[number] = name
            if line.startswith("cfn"):
                callee = names.get(number)
        elif line.startswith("calls=") and callee == function:
            count += int(line[6:].split()[0])
    return count


def counted(key, environment, folder, signatures):
    out = folder / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=C_SignInit", "--toggle-collect=C_Sign",
               f"--callgrind-out-file={out}", str(SIGNBENCH), "module", *map(str, key), "--signatures", str(signatures),
               "--warm-up", "0"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    lines = out.read_text().splitlines()
    groups = dict.fromkeys(["Signet", "libcurl", "OpenSSL", "libc", "other"], 0)
    for object_file, cost in self_costs(lines).items():
        groups[group_of(object_file or "")] += cost
    groups["allocations"] = sum(calls_of(lines, name) for name in ("malloc", "calloc", "realloc"))
    return groups


def instructions_of_a_signature(key, environment, folder, signatures=20):
    """{group: instructions, "allocations": calls of malloc} of one warm signature, on the average."""
    first = 5  # connecting, and what is made once
    few = counted(key, environment, folder, first)
    many = counted(key, environment, folder, first + signatures)
    return {group: (many[group] - few[group]) // signatures for group in many}
