#!/usr/bin/env python3
"""Mutants that were sealed before EU DSS and pyHanko: judged.py PDF_MUTATE PDF_FIXTURES [COUNT [EVERY]]

Of COUNT mutants (2500 by default) every EVERY-th one (2) that pdfsig takes is judged. A judge that cannot read the mutant
itself has no say; how often that is so is told.
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance/judges"))

import judges

SEED = 100_000


def asked(bench, judge, document, root):
    """The judge's answer for each signature, or nothing and why it cannot read the document."""
    why = ""
    # pyHanko takes a password for encrypted documents only.
    for request in ({"password": "owner"}, {}) if judge == "pyhanko" else ({"policy": "no-revocation"},):
        try:
            return bench.judge(judge, signature=str(document), detached=None, trusted=[root], **request)["signatures"], ""
        except judges.Failure as failure:
            why = f"{why} {failure}"
    return None, why


def good(judge, signatures):
    """Whether one of them is good and covers all of the document."""
    if judge == "pyhanko":
        return any(one["valid"] and one["intact"] and one["coverage"] == "ENTIRE_FILE" for one in signatures)
    return any(one["indication"] == "TOTAL_PASSED" and not one["errors"] for one in signatures)


def in_mutant(why, size):
    """Whether a judge that compares revisions met an object that the mutation damaged."""
    place = re.search(r"around 0x([0-9a-f]+)", why)
    return place is not None and int(place[1], 16) < size


def verdict(bench, judge, sealed, mutant, root):
    """("takes", "") or ("cannot read the mutant", "") or ("", fault)"""
    signatures, why = asked(bench, judge, sealed, root)
    if signatures and good(judge, signatures):
        return "takes", ""
    if in_mutant(why, mutant.stat().st_size) or asked(bench, judge, mutant, root)[0] is None:
        return "cannot read the mutant", ""
    return "", why or str(signatures)


def main(mutate, fixtures, count=2500, every=2):
    """Whether all say that they are good."""
    began = time.monotonic()
    told, faults = collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder, judges.started() as bench:
        made = subprocess.run([mutate, fixtures, "--count", str(count), "--seed", str(SEED), "--judge-every", str(every),
                               "--save", folder], stdout=subprocess.PIPE, text=True, check=False)
        print(made.stdout)
        for sealed in sorted(pathlib.Path(folder).glob("*.sealed.pdf")):
            mutant = sealed.with_name(sealed.name.replace(".sealed", ""))
            for judge in ("pyhanko", "dss"):
                word, fault = verdict(bench, judge, sealed, mutant, f"{folder}/root.pem")
                if word:
                    told[f"{judge} {word}"] += 1
                else:
                    faults.append(f"{judge} of {sealed.name}: {fault}")
    print(*faults, sep="\n")
    print(", ".join(f"{what}: {times}" for what, times in sorted(told.items())),
          f"{len(faults)} faults, {time.monotonic() - began:.0f} s", sep="; ")
    return made.returncode == 0 and not faults and all(told[f"{judge} takes"] >= 200 for judge in ("pyhanko", "dss"))


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:3], *map(int, sys.argv[3:])))
