"""The .NET side: Native.cs, which imports each function and wraps it, and the enums."""
import html

from headers import pascal

TYPES = {"handle": "IntPtr", "handles": "IntPtr[]", "made": "IntPtr", "count": "ulong", "text": "string", "bytes": "byte[]",
         "int": "int", "u32": "uint", "u64": "ulong", "i64": "long", "size": "ulong", "ulong": "ulong",
         "double": "double", "void": "void"}
IMPORTED = {**TYPES, "text": "byte[]", "size": "UIntPtr", "ulong": "UIntPtr"}
RETURNED = {**IMPORTED, "text": "IntPtr", "bytes": "IntPtr"}
DELEGATES = {"signet_seal_pin_callback": "NativePin", "signet_seal_progress_callback": "NativeProgress",
             "signet_seal_read_callback": "NativeRead", "signet_seal_write_callback": "NativeWrite"}

HEAD = """// The functions of the C ABI, one each. Written by bindings/generator.
using System;
using System.Runtime.InteropServices;

namespace Signet.Seal {
  internal static class Native {
    private const string Library = "libsignet-seal.so.1";

"""
IMPORT = "    [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]\n    private static extern "


def imported(function):
    for p in function.parameters:
        if p.kind == "callback":
            yield f"{DELEGATES[p.c_type]} {p.name}, IntPtr user"
        elif p.kind == "bytes":
            yield f"byte[] {p.name}, UIntPtr {p.name}Size"
        elif p.kind == "kept":
            yield f"IntPtr {p.name}, UIntPtr {p.name}Size"
        elif p.kind == "handles":
            yield f"IntPtr[] {p.name}, UIntPtr {p.name}Count"
        elif p.kind == "made":
            yield f"out IntPtr {p.name}"
        elif p.kind in ("count", "result_size"):
            yield f"out UIntPtr {p.name}"
        elif p.kind == "error":
            yield "IntPtr error"
        else:
            yield f"{IMPORTED[p.kind]} {p.name}"


def given(function):
    for p in function.given():
        if p.kind == "callback":
            yield f"{DELEGATES[p.c_type]} {p.name}, IntPtr user"
        elif p.kind == "kept":
            yield f"IntPtr {p.name}, ulong {p.name}Size"
        else:
            yield f"{TYPES[p.kind]} {p.name}"


def passed(function):
    for p in function.parameters:
        if p.kind == "callback":
            yield f"{p.name}, user"
        elif p.kind == "bytes":
            yield f"{p.name}, Utf8.Size({p.name})"
        elif p.kind == "kept":
            yield f"{p.name}, (UIntPtr){p.name}Size"
        elif p.kind == "handles":
            yield f"{p.name}, (UIntPtr){p.name}.Length"
        elif p.kind in ("made", "count", "result_size"):
            yield f"out {p.name}"
        elif p.kind == "error":
            yield "error.Pointer"
        elif p.kind == "text":
            yield f"Utf8.Of({p.name})"
        elif p.kind in ("size", "ulong"):
            yield f"(UIntPtr){p.name}"
        else:
            yield p.name


def body(function):
    call = f"{function.c_name}({', '.join(passed(function))})"
    for p in function.parameters:
        if p.kind in ("made", "count", "result_size"):
            yield f"{'IntPtr' if p.kind == 'made' else 'UIntPtr'} {p.name};"
    out = next((p.name for p in function.parameters if p.kind in ("made", "count")), None)
    if function.has_error:
        yield f"using (var error = new NativeError()) error.Check({call});"
        if out:
            yield f"return {'(ulong)' if function.returned == 'count' else ''}{out};"
    elif function.returned == "void":
        yield f"{call};"
    elif function.returned == "text":
        yield f"return Utf8.Read({call});"
    elif function.returned == "bytes":
        size = next(p.name for p in function.parameters if p.kind == "result_size")
        yield f"IntPtr data = {call};"
        yield f"return Utf8.Copy(data, {size});"
    elif function.returned in ("size", "ulong"):
        yield f"return (ulong){call};"
    else:
        yield f"return {call};"


def method(function):
    returned = "int" if function.has_error else RETURNED[function.returned]
    lines = "\n".join(f"      {line}" for line in body(function))
    return (f"{IMPORT}{returned} {function.c_name}({', '.join(imported(function))});\n\n"
            f"    internal static {TYPES[function.returned]} {pascal(function.name)}({', '.join(given(function))}) {{\n"
            f"{lines}\n    }}\n")


def native(functions):
    return HEAD + "\n".join(method(function) for function in functions) + "  }\n}\n"


def enums(all_enums):
    parts = []
    for name, (c_name, members) in all_enums.items():
        lines = []
        for member, number, said in members:
            text = f"SIGNET_SEAL number {number}" + (": " + html.escape(said, quote=False) if said else "")
            lines.append(f"    /// <summary>{text}.</summary>\n    {pascal(member)} = {number}")
        parts.append(f"  /// <summary>As <c>enum signet_seal_{c_name}</c> of the C interface.</summary>\n"
                     f"  public enum {name} {{\n" + ",\n".join(lines) + "\n  }\n")
    return ("// The enums of the C ABI. Written by bindings/generator.\nnamespace Signet.Seal {\n" + "\n".join(parts) + "}\n")
