#!/usr/bin/env python3
"""generate.py OUT [CASE...]: writes a folder for each case of the table. Runs in the virtual environment of the client pyhanko."""
import pathlib
import shutil
import sys
import time

sys.dont_write_bytecode = True

import histories
import table


def main():
    """All of them, or those that are named."""
    out, names = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
    began = time.monotonic()
    shutil.rmtree(out, ignore_errors=True)
    known, cases = table.read()
    chosen = [case for case in cases if not names or case["case"] in names]
    for case in chosen:
        try:
            histories.Maker(case, known).write(out / case["case"])
        except Exception as error:
            raise ValueError(f"case {case['case']} cannot be made: {error!r}") from error
    print(f"{len(chosen)} cases in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
