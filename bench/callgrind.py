"""Instructions of the warm C_SignInit + C_Sign, by library and by part of the work, counted by valgrind's callgrind."""

import collections
import os
import re
import subprocess

from appliance import SIGNBENCH

GROUPS = {"signet": "Signet", "libcurl": "libcurl", "libcrypto": "OpenSSL", "libssl": "OpenSSL", "libc.": "libc", "ld-linux": "libc",
          "libstdc++": "libc", "libm.": "libc", "libpthread": "libc"}

UNKNOWN = "???"

Call = collections.namedtuple("Call", "caller_file caller callee_file callee count instructions")


def group_of(object_file):
    name = os.path.basename(object_file)
    return next((group for prefix, group in GROUPS.items() if name.startswith(prefix)), "other")


class Profile:
    """A file of callgrind: the instructions of each object file, and every call with all that it led to."""

    def __init__(self, lines):
        self.costs = collections.Counter()
        self.calls = []
        self.objects, self.functions = {}, {}
        place = {"ob": "", "fn": "", "cob": None, "cfn": ""}
        count = None
        for line in lines:
            if match := re.match(r"(c?ob|c?fn)=\((\d+)\)(?: (.*))?$", line):
                kind, number, name = match.groups()
                names = self.objects if kind.endswith("ob") else self.functions
                place[kind] = names.setdefault(number, name or "")
            elif line.startswith("calls="):
                count = int(line[6:].split()[0])
            elif re.match(r"[+\-*\d]", line):
                cost = int(line.split()[1])
                if count is None:
                    self.costs[place["ob"]] += cost
                else:
                    self.calls.append(Call(place["ob"], place["fn"], place["ob"] if place["cob"] is None else place["cob"],
                                           place["cfn"], count, cost))
                    place["cob"], count = None, None
        self.calls = self.without_stubs()

    def without_stubs(self):
        """A call into another library passes a stub of no known file, which goes on to one function alone: both become one call."""
        targets = {call.caller: call for call in self.calls if call.caller_file == UNKNOWN}
        direct = []
        for call in self.calls:
            if call.callee_file == UNKNOWN and call.callee in targets:
                target = targets[call.callee]
                call = call._replace(callee_file=target.callee_file, callee=target.callee)
            if call.caller_file != UNKNOWN:
                direct.append(call)
        return direct

    def calls_of(self, pattern, caller_group=None):
        """How often functions of this name were called, by a group or by anybody."""
        return sum(call.count for call in self.calls
                   if re.search(pattern, call.callee) and caller_group in (None, group_of(call.caller_file)))

    def between(self, caller, callee, pattern=""):
        """What calls from one library into another led to, all in all."""
        return sum(call.instructions for call in self.calls
                   if caller in os.path.basename(call.caller_file) and os.path.basename(call.callee_file).startswith(callee)
                   and re.search(pattern, call.callee))

    def within(self, pattern):
        """What functions of Signet led to whose names fit, each counted from outside."""
        return sum(call.instructions for call in self.calls
                   if group_of(call.callee_file) == "Signet" and re.search(pattern, call.callee)
                   and not re.search(pattern, call.caller))


def figures(profile):
    groups = dict.fromkeys(["Signet", "libcurl", "OpenSSL", "libc", "other"], 0)
    for object_file, cost in profile.costs.items():
        groups[group_of(object_file)] += cost
    tls = profile.between("libcurl", "libssl")
    http = profile.between("signet", "libcurl") - tls - profile.between("libcurl", "signet")
    parts = {
        "TLS": tls,
        "HTTP (libcurl)": http,
        "verification of the signature": profile.within(r"crypto::PublicKey::verify_\w+\("),
        "JSON": profile.within("JsonWriter::|read_signatures"),
        "wiping of what libcurl has freed": profile.within("wipe_freed_memory"),
    }
    parts["everything else: PKCS#11, pool, deadlines, figures"] = sum(groups.values()) - sum(parts.values())
    return {**{("group", name): value for name, value in groups.items()}, **{("part", name): value for name, value in parts.items()},
            ("calls", "allocations"): profile.calls_of(r"^(malloc|calloc|realloc)$"),
            ("calls", "copies"): profile.calls_of("mem(cpy|move|pcpy)", "Signet")}


def counted(key, environment, folder, signatures):
    out = folder / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=C_SignInit", "--toggle-collect=C_Sign",
               f"--callgrind-out-file={out}", str(SIGNBENCH), "module", *map(str, key), "--signatures", str(signatures),
               "--warm-up", "0"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    return figures(Profile(out.read_text().splitlines()))


def instructions_of_a_signature(key, environment, folder, signatures=20):
    """Of one warm signature, on the average: {"groups": by library, "parts": by kind of work, "allocations", "copies"}."""
    first = 5  # connecting, and what is made once
    few = counted(key, environment, folder, first)
    many = counted(key, environment, folder, first + signatures)
    each = {name: (many[name] - few[name]) // signatures for name in many}
    return {"groups": {name: value for (kind, name), value in each.items() if kind == "group"},
            "parts": {name: value for (kind, name), value in each.items() if kind == "part"},
            "allocations": each["calls", "allocations"], "copies": each["calls", "copies"]}
