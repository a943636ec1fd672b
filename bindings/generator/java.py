"""The Java side: Native.java, which declares one native method for each function, and the enums."""
import html

from headers import camel

TYPES = {"handle": "long", "handles": "long[]", "made": "long", "count": "long", "text": "String", "bytes": "byte[]",
         "callback": "long", "int": "int", "u32": "long", "u64": "long", "i64": "long", "size": "long", "ulong": "long",
         "double": "double", "void": "void"}

NATIVE = """package signet.seal;

/** The functions of the C ABI, one each. Written by bindings/generator. */
final class Native {{
  /** Of what the native side was built from. */
  static final String INTERFACE = "{interface}";

  static {{
    Library.load(INTERFACE);
  }}

  private Native() {{}}

  /** Memory outside of the heap with a copy; release() frees it. */
  static native long copy(byte[] data);

  static native void release(long address);

{methods}}}
"""

ENUM = """package signet.seal;

/** As {{@code enum signet_seal_{c_name}}} of the C interface. */
public enum {name} {{
{members};

  private final int number;

  {name}(int number) {{
    this.number = number;
  }}

  /**
   * As in the C interface.
   *
   * @return the number
   */
  public int number() {{
    return number;
  }}

  static {name} of(int number) {{
    for ({name} one : values()) if (one.number == number) return one;
    {otherwise}
  }}
}}
"""
UNKNOWN = 'throw new IllegalStateException("this version of signet-seal.jar does not know {name} " + number);'


def parameters(function):
    for parameter in function.given():
        if parameter.kind == "kept":
            yield f"long {parameter.name}, long {parameter.name}Size"
        else:
            yield f"{TYPES[parameter.kind]} {parameter.name}"


def native(functions, interface):
    methods = [f"  static native {TYPES[f.returned]} {camel(f.name)}({', '.join(parameters(f))});\n" for f in functions]
    return NATIVE.format(interface=interface, methods="\n".join(methods))


def enum(name, c_name, members):
    lines = []
    for member, number, said in members:
        text = html.escape(said[:1].upper() + said[1:] if said else "", quote=False)
        text = f"{{@code {member}}}" + (f": {text}" if text else "")
        lines.append(f"  /** {text}. */\n  {member}({number})")
    otherwise = "return FAILED;" if name == "Status" else UNKNOWN.format(name=name)
    return ENUM.format(name=name, c_name=c_name, members=",\n".join(lines), otherwise=otherwise)
