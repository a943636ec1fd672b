"""The table of cases: cases/*.yaml, read and checked."""
import pathlib
import re

import yaml

HERE = pathlib.Path(__file__).resolve().parent
KNOWN = {"case", "history", "at", "set", "verdict", "best", "level", "stamps", "each", "until", "options", "clause", "why"}
NEEDED = {"case", "history", "at", "verdict", "clause", "why"}


def read():
    """(histories, cases), the cases in the files' order."""
    histories, cases = {}, []
    for file in sorted((HERE / "cases").glob("*.yaml")):
        for group in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            histories |= group.get("histories", {})
            defaults = group.get("defaults", {})
            cases += [defaults | case for case in group.get("cases", [])]
    for name, history in histories.items():
        if "from_history" in history:
            base = histories[history["from_history"]]
            histories[name] = base | {key: value for key, value in history.items() if key != "from_history"}
    names = [case["case"] for case in cases]
    for case in cases:
        wrong = (set(case) - KNOWN) | (NEEDED - set(case))
        if wrong or names.count(case["case"]) > 1 or not re.fullmatch("[a-z0-9-]+", case["case"]):
            raise ValueError(f"case {case.get('case')}: {wrong or 'its name'}")
    return histories, cases


def sub_indications(cases):
    """{sub-indication: names of its cases}, of signatures and of their time-stamps."""
    found = {}
    for case in cases:
        for verdict in [case["verdict"]] + (case.get("stamps") or "").split():
            found.setdefault(verdict.partition("/")[2], []).append(case["case"])
    return found
