"""Runs a command at a terminal of its own and answers its first question: at_terminal.py COMMAND...

The answer is the variable ANSWER. What the terminal showed goes to the standard output; the status is the command's.
"""

import os
import pty
import sys
import termios


def echo_is_on(terminal):
    return termios.tcgetattr(terminal)[3] & termios.ECHO


pid, terminal = pty.fork()
if pid == 0:
    del os.environ["ANSWER"]
    os.execvp(sys.argv[1], sys.argv[1:])

shown = b""
answered = False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    if not part:
        break
    shown += part
    if not answered and shown.endswith(b": "):
        if echo_is_on(terminal):
            sys.exit("the question is shown while what is typed would be shown too")
        os.write(terminal, os.environ["ANSWER"].encode() + b"\n")
        answered = True
sys.stdout.write(shown.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
