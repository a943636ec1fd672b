"""What the headers of the C ABI declare: functions with the meaning of each parameter, and enums."""
import re
from pathlib import Path

PREFIX = "signet_seal_"
SCALARS = {"int": "int", "uint32_t": "u32", "uint64_t": "u64", "int64_t": "i64", "size_t": "size",
           "double": "double", "unsigned": "u32", "unsigned long": "ulong"}
# Its bytes are not copied by the call, so they are passed as an address that its owner frees.
KEPT_MEMORY = {"signet_seal_input_memory"}
# Names that mean something in one of the languages.
RENAMED = {"out": "destination"}

# Of each public enum: its name in the bindings, and what its members' names lack there.
ENUMS = {
    "status": ("Status", ""), "format": ("Format", ""), "packaging": ("Packaging", ""), "encoding": ("SealEncoding", ""),
    "level": ("Level", "LEVEL_"), "extended_level": ("Level", "LEVEL_"),
    "without_time_stamp": ("WithoutTimeStamp", ""), "hash": ("Hash", ""), "padding": ("Padding", ""),
    "certify": ("Certify", "CERTIFY_"), "corner": ("Corner", ""), "alignment": ("Alignment", "ALIGN_"),
    "arrangement": ("Arrangement", "IMAGE_"), "language": ("Language", ""), "sliding": ("Sliding", "SLIDE_"),
    "indication": ("Indication", ""), "texts": ("TextKind", ""), "revocation": ("Revocation", "REVOCATION_"),
    "report_form": ("ReportForm", "REPORT_"), "added": ("Added", "ADDED_"),
}


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal(name):
    return "".join(word.capitalize() for word in name.split("_"))


class Parameter:
    """kind: handle, handles, made (a handle that is returned), text, bytes, kept, callback, count (returned), result_size,
    error, or a scalar's."""

    def __init__(self, kind, name, c_type=""):
        self.kind, self.name, self.c_type = kind, camel(RENAMED.get(name, name)), c_type


class Function:
    def __init__(self, returned, name, words):
        self.c_name, self.name = name, name.removeprefix(PREFIX)
        self.parameters = list(read_parameters(name, words))
        self.has_error = any(p.kind == "error" for p in self.parameters)
        self.returned = self.read_returned(returned)

    def read_returned(self, words):
        if self.has_error:
            made = [p for p in self.parameters if p.kind in ("made", "count")]
            return made[0].kind if made else "void"
        if words == "void":
            return "void"
        if words == "const char*":
            return "text"
        if words == "const void*":
            return "bytes"
        return "handle" if words.endswith("*") else SCALARS[words]

    def given(self):
        """What the caller passes."""
        return [p for p in self.parameters if p.kind not in ("made", "count", "result_size", "error")]

    def is_of_errors(self):
        return self.name.startswith("error_")


def read_parameters(name, words):
    words = [] if words == ["void"] else words
    at = 0
    while at < len(words):
        c_type, own = re.fullmatch(r"(.*[ *])(\w+)", words[at]).groups()
        c_type = c_type.strip()
        following = words[at + 1] if at + 1 < len(words) else ""
        at += 1
        if c_type == "signet_seal_error*":
            yield Parameter("error", own)
        elif c_type.endswith("_callback"):
            at += 1
            yield Parameter("callback", own, c_type)
        elif c_type == "const void*" and following.startswith("size_t "):
            at += 1
            yield Parameter("kept" if name in KEPT_MEMORY else "bytes", own)
        elif c_type.endswith("* const*"):
            at += 1
            yield Parameter("handles", own, c_type.removesuffix(" const*").removeprefix("const "))
        elif c_type == "const char*":
            yield Parameter("text", own)
        elif c_type == "size_t*":
            yield Parameter("count" if own == "added" else "result_size", own)
        elif c_type.endswith("**"):
            yield Parameter("made", own, c_type.removesuffix("*"))
        elif c_type.endswith("*"):
            yield Parameter("handle", own, c_type.removeprefix("const "))
        else:
            yield Parameter(SCALARS[c_type], own)


class Headers:
    def __init__(self, folder):
        self.functions, self.enums = [], {}
        for path in sorted(Path(folder).glob("signet-seal*.h")):
            text = path.read_text(encoding="utf-8")
            self.read_enums(text)
            self.read_functions(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        self.functions.sort(key=lambda function: function.name)
        for members in self.enums.values():
            members.sort(key=lambda member: member[1])

    def read_functions(self, text):
        text = re.sub(r"^ *#.*$|extern \"C\" \{", "", text, flags=re.MULTILINE)
        text = re.sub(r"(typedef|enum)[^;]*;", "", text)
        for returned, name, words in re.findall(r"([\w *]+?)\b(signet_seal_\w+)\(([^)]*)\);", text):
            words = [" ".join(word.split()) for word in words.split(",")]
            self.functions.append(Function(" ".join(returned.split()), name, words))

    def read_enums(self, text):
        for name, body in re.findall(r"^enum signet_seal_(\w+) \{(.*?)\};", text, re.DOTALL | re.MULTILINE):
            public, prefix = ENUMS[name]
            # A comment stands behind its member, or behind the comma after it.
            for member, number, comment in re.findall(
                    r"SIGNET_SEAL_(\w+)\s*=\s*(\d+)\s*,?\s*(?:/\*\s*(.*?)\s*\*/)?", body, re.DOTALL):
                said = " ".join(comment.split()).removeprefix("signet-seal-extend.h: ")
                said = said.replace("see signet_seal_error_token_reason()", "see the exception's token reason")
                self.enums.setdefault(public, []).append((member.removeprefix(prefix), int(number), said))
