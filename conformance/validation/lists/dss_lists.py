"""EU DSS on the same folders and signatures: its qualifications beside ours, in record.yaml; differences.yaml has the clause of each
difference."""
import pathlib

import judges
import on_record

HERE = pathlib.Path(__file__).resolve().parent
TITLE = """# What EU DSS 6.4 says of each case of table.yaml and qualification_cases.json, beside what TS 119 615 demands. Written by
# `run.py record`; differences.yaml says which clause decides where DSS differs.
"""
# Names of ours and of DSS; N/A, AdES and the rest are the same in both.
WORDS = {"QESEAL": "QESeal", "QESIG": "QESig", "ADESEAL_QC": "AdESeal-QC", "ADESIG_QC": "AdESig-QC", "ADESEAL": "AdESeal", "ADESIG": "AdESig",
         "ADES": "AdES", "UNKNOWN_QC": "Unknown-QC", "UNKNOWN_QC_QSCD": "Unknown-QC-QSCD", "NOT_ADES": "Not AdES", "NA": "N/A"}


def dss(bench, case, file, journal):
    """Its answer in our words."""
    answer = bench.judge("dss", signature=file, detached="data", trusted=sorted(map(str, pathlib.Path("trusted").iterdir())),
                         policy="strict-lists", lists=f"folders/{case['folder']}", journal=[journal])
    signature = answer["signatures"][0]
    said = {"kind": WORDS.get(signature["qualification"], signature["qualification"])}
    if signature["timestamps"]:
        said["stamp"] = WORDS.get(signature["timestamps"][0]["qualification"], signature["timestamps"][0]["qualification"])
    if signature["indication"] != "TOTAL_PASSED":
        said["verdict"] = "/".join(filter(None, [signature["indication"].replace("_", "-"), signature["subIndication"]]))
    return said


def _differs(one):
    return one["dss"]["kind"] != one["standard"] or "verdict" in one["dss"] or one["dss"].get("stamp") != one.get("stamp", one["dss"].get("stamp"))


def compared(cases, files, journal, record):
    """What differs from the record, and what differs from the standard without a reason, as lines."""
    found = {}
    with judges.started() as bench:
        for name, case in cases.items():
            found[name] = {"standard": case["kind"], "dss": dss(bench, case, files[name], journal)}
            if "stamp" in case:
                found[name]["stamp"] = case["stamp"]
    differing = {name for name, one in found.items() if _differs(one)}
    print(f"EU DSS: {len(found) - len(differing)} of {len(found)} as the standard demands")
    return on_record.complaints(HERE, TITLE, found, differing, record)
