"""Validates the document of a case by pyHanko, as conformance/validation/judge.py does.

    pyhanko_validator.py FOLDER            tells the verdict
    pyhanko_validator.py FOLDER --lines    lines of JSON, as verifybench.cc has them
"""
import json
import logging
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "conformance/validation"))

import judge


def measured(folder, expected, times):
    """How long each took."""
    wall, processor, said = [], [], {}
    for _ in range(times):
        used, began = time.process_time(), time.monotonic()
        said = judge.pyhanko(folder, expected)
        wall.append(1e3 * (time.monotonic() - began))
        processor.append(1e3 * (time.process_time() - used))
    return {"milliseconds": wall, "processorMilliseconds": processor, "verdict": said["verdict"]}


def main():
    """As the arguments say."""
    logging.disable()
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    if len(sys.argv) == 2:
        print(judge.pyhanko(folder, expected)["verdict"])
        return
    for line in sys.stdin:
        print(json.dumps(measured(folder, expected, json.loads(line)["times"])), flush=True)


main()
