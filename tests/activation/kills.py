#!/usr/bin/env python3
"""`signet activate` and `signet client import`, killed at their syncing, renaming and sending calls one after the other and
repeated: the same end as without, with one key in use and one card used up.

kills.py STEP: at every STEP-th call."""
import subprocess
import sys

import scene as scenes
import seald

# What is written is synced and renamed. Not write(2): SoftHSM does not survive a kill between two of its own.
CALLS = "fsync,rename,linkat,sendto,sendmsg"
KILLED = 137


def until_whole(step, words, done, environment=None, before=lambda: None):
    """How often it was killed, as it entered one of these calls, until it ended with a status of `done`."""
    call, kills = 1, 0
    while True:
        before()
        tracing = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", f"inject={CALLS}:signal=KILL:when={call}"]
        ended = subprocess.run([*tracing, *words], env=environment, capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
        if ended.returncode in done:
            return kills
        assert ended.returncode in (KILLED, -9), f"call {call}: status {ended.returncode}\n{ended.stderr}"
        call, kills = call + step, kills + 1


def main():
    step = int(sys.argv[1])
    with scenes.Scene() as scene:
        card = scenes.Card(scene, "card")
        card.enrol()
        office = scene.installation("office")
        file = scene.folder / "office.sig"
        # A whole file is not replaced; a kill behind its last write leaves one.
        kills = until_whole(step, card.activation(file, "--client-code", office.code), (0,), card.environment,
                            lambda: file.unlink(missing_ok=True))
        assert kills > 1, kills
        words = [scenes.SIGNET, "client", "import", str(file), "--folder", str(office.folder), "--roots", scene.roots, "--organisation",
                 scenes.ORGANISATION, "--yes", "--name", "office"]
        # Killed behind its last write, the import is done, and the next one says so.
        more = until_whole(step, words, (0, 26))
        assert more > 1, more
        states = office.key_states()
        assert states.count("active") == 1 and states.count("superseded") == 1 and "registered" not in states, states
        assert "imported already" in office.import_file(file, status=26)
        card.activate(scene.folder / "second.sig", "--client-code", office.code, status=1)
    print(f"killed {kills} and {more} times")


if __name__ == "__main__":
    main()
