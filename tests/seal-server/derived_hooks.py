"""What Schemathesis cannot know: a key for each request, since a second one with the same key is the first one's repetition, and
ids of what is there.

SIGNET_TEST_IDS: JSON, a list of values for each name of a path's parameter."""
import json
import os
import re
import uuid

import schemathesis

IDS = json.loads(os.environ["SIGNET_TEST_IDS"])
ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")


@schemathesis.hook
def before_call(context, case, kwargs):
    if re.fullmatch(r"[\x21-\x7e]{1,128}", str((case.headers or {}).get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    for name, value in (case.path_parameters or {}).items():
        known = IDS.get(f"{case.operation.path} {name}", IDS.get(name, []))
        # A good id that is not there becomes one that is, three times in four.
        if known and ID.fullmatch(str(value)) and int(value[0], 16) % 4:
            case.path_parameters[name] = known[int(value[1], 16) % len(known)]
        elif known and name == "index":
            case.path_parameters[name] = known[len(str(value)) % len(known)]
