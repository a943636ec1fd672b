"""EU DSS and pyHanko on the attacked documents: their verdicts on the first signature beside ours, in record.yaml; differences.yaml has the
clause of each difference."""
import pathlib

import judges
import on_record

HERE = pathlib.Path(__file__).resolve().parent
TITLE = """# What EU DSS 6.4 and pyHanko 0.38 say of the signature in each attacked document, by the sealer of the document where that matters. Written
# by `run.py record`; differences.yaml says which clause decides where one of them differs from `expected`.
"""


def _dss(bench, file):
    try:
        answer = bench.judge("dss", signature=file, detached=None, trusted=["ca/root.pem"], policy="no-revocation")
    except judges.Failure:
        return "no answer"
    found = [one for one in answer["signatures"] if one["field"] == "SignetSeal1"]
    if not found:
        return "no signature"
    return "/".join(filter(None, [found[0]["indication"].replace("_", "-"), found[0]["subIndication"]]))


def _pyhanko(bench, file):
    try:
        answer = bench.judge("pyhanko", signature=file, detached=None, trusted=["ca/root.pem", "stranger.pem"])
    except judges.Failure:
        return "no answer"
    found = [one for one in answer["signatures"] if one["field"] == "SignetSeal1"]
    if not found:
        return "no signature"
    good = found[0]["valid"] and found[0]["intact"] and found[0]["allowed"]
    return "TOTAL-PASSED" if good else "TOTAL-FAILED"


def _judged(made):
    """{attack: {"expected": ..., "dss": ..., "pyhanko": ...}}, with a verdict for each sealer where they differ."""
    found = {}
    with judges.started() as bench:
        for file, attack in made.items():
            one = found.setdefault(attack.name, {"expected": attack.verdict, "dss": {}, "pyhanko": {}})
            sealer = file.rpartition("+")[2][:-4]
            one["dss"][sealer], one["pyhanko"][sealer] = _dss(bench, file), _pyhanko(bench, file)
    for one in found.values():
        for judge in "dss", "pyhanko":
            if len(set(one[judge].values())) == 1:
                one[judge] = next(iter(one[judge].values()))
    return found


def _differs(said, expected):
    """One of the verdicts is of another indication. "No answer" refuses the document, as a failure does."""
    verdicts = said.values() if isinstance(said, dict) else [said]
    refused = ("TOTAL-FAILED", "no answer", "no signature")
    wanted = expected.partition("/")[0]
    return any(one.partition("/")[0] != wanted and not (wanted in refused and one.partition("/")[0] in refused) for one in verdicts)


def compared(made, record):
    """What differs from the record, and what differs from the expected verdict without a reason, as lines."""
    found = _judged(made)
    differing = {f"{judge}:{name}" for name, one in found.items() for judge in ("dss", "pyhanko") if _differs(one[judge], one["expected"])}
    for judge in "dss", "pyhanko":
        print(f"{judge}: {len(found) - sum(name.startswith(judge) for name in differing)} of {len(found)} attacks judged as expected")
    return on_record.complaints(HERE, TITLE, found, differing, record)
