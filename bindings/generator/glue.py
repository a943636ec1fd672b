"""The native side of the JAR: natives.cc, one function for each native method."""
from headers import camel

TYPES = {"handle": "jlong", "handles": "jlongArray", "made": "jlong", "count": "jlong", "text": "jstring",
         "bytes": "jbyteArray", "callback": "jlong", "int": "jint", "u32": "jlong", "u64": "jlong", "i64": "jlong",
         "size": "jlong", "ulong": "jlong", "double": "jdouble", "void": "void"}
SIGNATURES = {"jlong": "J", "jlongArray": "[J", "jstring": "Ljava/lang/String;", "jbyteArray": "[B", "jint": "I",
              "jdouble": "D", "void": "V"}
NUMBERS = {"u32": "std::uint32_t", "u64": "std::uint64_t", "size": "std::size_t", "int": "int", "i64": "std::int64_t",
           "double": "double"}

HEAD = """// The native methods of signet.seal.Native. Written by bindings/generator.
#include "bindings/c/signet-seal-extend.h"
#include "bindings/c/signet-seal-pdf.h"
#include "bindings/c/signet-seal-verify.h"
#include "bindings/c/signet-seal.h"
#include "bindings/java/native/callbacks.h"
#include "bindings/java/native/glue.h"

namespace signet::java {
namespace {

"""


def declared(function):
    for p in function.given():
        yield f"{TYPES['handle' if p.kind == 'kept' else p.kind]} {p.name}"
        if p.kind == "kept":
            yield f"jlong {p.name}Size"


def prepared(function):
    """Statements that turn Java's objects into C's; each may leave by an exception."""
    for p in function.given():
        if p.kind == "text":
            yield f"const Text {p.name}Text(env, {p.name});"
        elif p.kind == "bytes":
            yield f"const Bytes {p.name}Bytes(env, {p.name});"
        elif p.kind == "handles":
            yield f"const Handles<{p.c_type.removesuffix('*')}> {p.name}Handles(env, {p.name});"


def passed(function):
    for p in function.parameters:
        if p.kind == "handle":
            yield f"handle<{p.c_type.removesuffix('*')}>({p.name})"
        elif p.kind == "handles":
            yield f"{p.name}Handles.data(), {p.name}Handles.size()"
        elif p.kind == "text":
            yield f"{p.name}Text.get()"
        elif p.kind == "bytes":
            yield f"{p.name}Bytes.data(), {p.name}Bytes.size()"
        elif p.kind == "kept":
            yield f"handle<void>({p.name}), number<std::size_t>(env, {p.name}Size)"
        elif p.kind == "callback":
            yield f"{p.name} == 0 ? nullptr : {p.c_type.removeprefix('signet_seal_')}, user({p.name})"
        elif p.kind in ("made", "count", "result_size"):
            yield f"&{p.name}"
        elif p.kind == "error":
            yield "error"
        else:
            yield f"number<{NUMBERS[p.kind]}>(env, {p.name})"


def body(function):
    yield from prepared(function)
    call = f"{function.c_name}({', '.join(passed(function))})"
    for p in function.parameters:
        if p.kind == "made":
            yield f"{p.c_type} {p.name} = nullptr;"
        elif p.kind in ("count", "result_size"):
            yield f"std::size_t {p.name} = 0;"
    out = next((p.name for p in function.parameters if p.kind in ("made", "count")), None)
    if function.has_error:
        yield "const Failure error(env);"
        yield f"error.check({call});"
        if function.returned == "made":
            yield f"return address({out});"
        elif function.returned == "count":
            yield f"return static_cast<jlong>({out});"
    elif function.returned == "void":
        yield f"{call};"
    elif function.returned == "text":
        yield f"return string(env, {call});"
    elif function.returned == "bytes":
        size = next(p.name for p in function.parameters if p.kind == "result_size")
        yield f"const void* const data = {call};"
        yield f"return array(env, data, {size});"
    elif function.returned == "handle":
        yield f"return address({call});"
    else:
        yield f"return static_cast<{TYPES[function.returned]}>({call});"


def method(function):
    returned = TYPES[function.returned]
    arguments = ", ".join(["JNIEnv* env", "jclass", *declared(function)])
    lines = "\n".join(f"    {line}" for line in body(function))
    return (f"{returned} JNICALL {camel(function.name)}({arguments}) {{\n"
            f"  return guarded<{returned}>(env, [&]() -> {returned} {{\n{lines}\n  }});\n}}\n")


def row(function):
    given = "".join(SIGNATURES[word.split()[0]] for word in declared(function))
    name = camel(function.name)
    return f'    native_method("{name}", "({given}){SIGNATURES[TYPES[function.returned]]}", {name}),\n'


def natives(functions, interface):
    methods = "\n".join(method(function) for function in functions)
    rows = "".join(row(function) for function in functions)
    return (f"{HEAD}{methods}\nconst JNINativeMethod kMethods[] = {{\n{rows}}};\n\n}}  // namespace\n\n"
            f"const char* interface() {{ return \"{interface}\"; }}\n\n"
            "std::span<const JNINativeMethod> generated_methods() { return kMethods; }\n\n}  // namespace signet::java\n")
