"""An interactive bash on a pseudo-terminal, into which text is pasted as a person does it."""
import ctypes
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import termios
import time

READY = re.compile(rb"\[\[ready (\d+)\]\]|\[\[more\]\]")
FAILED = re.compile(r"\[\[failed .*")
# What a reader's own ~/.bashrc would be in the place of. Every failing command is named.
STARTUP = """
PS1='[[ready $?]]' PS2='[[more]]'
unset HISTFILE
set -o pipefail
trap 'printf "[[failed %s: %s]]\\n" "$?" "$BASH_COMMAND" >/dev/tty' ERR
"""
PR_SET_CHILD_SUBREAPER = 36


class Broken(Exception):
    """What went wrong, with the end of what the terminal showed."""


def adopt_orphans():
    """Daemons whose parents have ended become children of this process, so that none can hide."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def descendants():
    """The process ids and command lines of all descendants of this process that have not ended."""
    parents, names = {}, {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if state not in "ZX":
            parents[int(entry.name)], names[int(entry.name)] = int(parent), words
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return {pid: names[pid] for pid in found if pid != os.getpid()}
        found |= more


class Terminal:
    """A shell. Everything that it shows goes to the file `log` too."""

    def __init__(self, folder, environment, log):
        startup = pathlib.Path(folder) / "startup"
        startup.write_text(STARTUP)
        self.log, self.shown = open(log, "ab", buffering=0), b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            # So wide that no line is wrapped, which would put other bytes between those that are looked for. Later it would
            # make the shell show its prompt again.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 4000, 0, 0))
            os.execvpe("bash", ["bash", "--noprofile", "--rcfile", str(startup), "-i"], environment)
        self.wait(30)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            raise Broken(f"the shell has ended:\n{self.tail()}")
        self.log.write(data)
        self.shown += data
        return True

    def tail(self):
        return "\n".join(self.shown.decode(errors="replace").splitlines()[-40:])

    def write(self, data):
        while data:
            select.select([], [self.fd], [], 60)
            data = data[os.write(self.fd, data[:1024]):]
            self.read(0)

    def wait(self, seconds):
        """Until the shell asks for more: the status of the last command, or None in the middle of one."""
        end = time.monotonic() + seconds
        while not (found := READY.search(self.shown)):
            if time.monotonic() > end:
                raise Broken(f"no prompt for {seconds} s; something waits for input or does not end:\n{self.tail()}")
            self.read(1)
        shown, self.shown = self.shown[: found.start()].decode(errors="replace"), self.shown[found.end():]
        if failed := FAILED.search(shown):
            raise Broken(f"{failed[0]}\n" + "\n".join(shown.splitlines()[-40:]))
        return shown, None if found[1] is None else int(found[1])

    def paste(self, block, seconds=600):
        """The whole of it at once, between the marks by which terminals tell pasted text from typed text."""
        self.write(b"\x1b[200~" + block.encode() + b"\x1b[201~\n")
        self.succeed(*self.wait(seconds))

    def type(self, block, seconds=600):
        """Line by line, each after the shell has asked for it."""
        for line in block.splitlines():
            self.write(line.encode() + b"\n")
            self.succeed(*self.wait(seconds))

    @staticmethod
    def succeed(shown, status):
        if status not in (0, None):
            raise Broken(f"status {status} after:\n" + "\n".join(shown.splitlines()[-40:]))

    def close(self):
        """`exit`, and what its EXIT trap does."""
        self.write(b"exit\n")
        end = time.monotonic() + 30
        try:
            while time.monotonic() < end:
                self.read(1)
        except Broken:
            os.waitpid(self.pid, 0)
            return
        raise Broken(f"the shell does not end:\n{self.tail()}")


def end_all():
    """Whatever is left is ended by its process id; what that was."""
    left = descendants()
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return list(left.values())
