"""Text from anywhere, made fit for a terminal: no part of it ends a line, moves the cursor or changes the direction."""
import io


def printable(text):
    """The text with what is not printable escaped, line ends too."""
    return "".join(one if one.isprintable() else _escaped(ord(one)) for one in text)


def _escaped(number):
    if 0xDC80 <= number <= 0xDCFF:  # how Python holds a byte of an argument that is not UTF-8
        number -= 0xDC00
    if number < 0x100:
        return {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}.get(number, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


class PrintableStream(io.TextIOBase):
    """Writes to another text stream: line ends as they are, the rest as printable() has it."""

    def __init__(self, to):
        super().__init__()
        self._to = to

    def write(self, text):
        """The number of characters taken, as of every text stream."""
        self._to.write("\n".join(map(printable, text.split("\n"))))
        return len(text)

    def flush(self):
        """Hands on what the other stream keeps."""
        self._to.flush()
