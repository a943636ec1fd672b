#!/usr/bin/env python3
"""Mutants that were sealed before EU DSS and pyHanko: judged.py PDF_MUTATE PDF_FIXTURES [COUNT [EVERY]]

Of COUNT mutants (2500 by default) every EVERY-th one (2) that pdfsig takes is judged. A judge that cannot read the mutant
itself has no say; how often that is so is told.
"""
import collections
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance/judges"))

import judges

SEED = 100_000


def asked(bench, judge, document, root):
    """The judge's answer for each signature, or nothing where it cannot read the document."""
    # pyHanko takes a password for encrypted documents only.
    for request in ({}, {"password": "owner"}) if judge == "pyhanko" else ({"policy": "no-revocation"},):
        try:
            return bench.judge(judge, signature=str(document), detached=None, trusted=[root], **request)["signatures"]
        except judges.Failure:
            pass
    return None


def fault(judge, sealed):
    """What is wrong with the one signature that covers all of the document."""
    if sealed is None:
        return "it cannot read what was sealed"
    if judge == "pyhanko":
        good = [one for one in sealed if one["valid"] and one["intact"] and one["coverage"] == "ENTIRE_FILE"]
    else:
        good = [one for one in sealed if one["indication"] == "TOTAL_PASSED" and not one["errors"]]
    return "" if good else str(sealed)


def main(mutate, fixtures, count=2500, every=2):
    """Whether all say that they are good."""
    began = time.monotonic()
    told, faults = collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder, judges.started() as bench:
        made = subprocess.run([mutate, fixtures, "--count", str(count), "--seed", str(SEED), "--judge-every", str(every),
                               "--save", folder], stdout=subprocess.PIPE, text=True, check=False)
        print(made.stdout.strip().splitlines()[-1])
        root = f"{folder}/root.pem"
        for document in sorted(pathlib.Path(folder).glob("*.sealed.pdf")):
            for judge in ("pyhanko", "dss"):
                what = fault(judge, asked(bench, judge, document, root))
                if not what:
                    told[f"{judge} takes"] += 1
                elif asked(bench, judge, document.with_name(document.name.replace(".sealed", "")), root) is None:
                    told[f"{judge} cannot read the mutant"] += 1
                else:
                    faults.append(f"{judge} of {document.name}: {what}")
    print(*faults, sep="\n")
    print(", ".join(f"{what}: {times}" for what, times in sorted(told.items())),
          f"{len(faults)} faults, {time.monotonic() - began:.0f} s", sep="; ")
    return made.returncode == 0 and not faults and all(told[f"{judge} takes"] >= 200 for judge in ("pyhanko", "dss"))


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:3], *map(int, sys.argv[3:])))
