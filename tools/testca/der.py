"""As much of DER (X.690) as time-stamps need: values are bytes, with tag and length."""


def value(tag, *parts):
    """An element of this tag."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts):
    """SEQUENCE"""
    return value(0x30, *parts)


def set_of(*parts):
    """SET OF, in DER's order."""
    return value(0x31, *sorted(parts))


def integer(number):
    """INTEGER"""
    return value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(data):
    """OCTET STRING"""
    return value(0x04, data)


def utf8(text):
    """UTF8String"""
    return value(0x0C, text.encode())


def bits(numbers):
    """BIT STRING in which the bits with these numbers are set."""
    size = max(numbers) + 1
    content = bytearray((size + 7) // 8)
    for number in numbers:
        content[number // 8] |= 0x80 >> number % 8
    return value(0x03, bytes([-size % 8]), bytes(content))


def oid(dotted):
    """OBJECT IDENTIFIER"""
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for number in [40 * first + second, *rest]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, number & 0x7F | 0x80)
        content += bytes(groups)
    return value(0x06, content)


NULL = value(0x05)
TRUE = value(0x01, b"\xff")


def explicit(number, *parts):
    """[number], constructed; explicit around a value, implicit around the content of a SET OF or SEQUENCE."""
    return value(0xA0 | number, *parts)


def elements(data):
    """The elements of a content, each as (tag, content, whole); ValueError where they do not fill it."""
    found, at = [], 0
    while at < len(data):
        tag, start = data[at], at + 2
        size = data[at + 1] if at + 1 < len(data) else len(data)
        if size > 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[at + 2:start], "big")
        if size == 0x80 or start + size > len(data):
            raise ValueError("this is not DER")
        found.append((tag, data[start:start + size], data[at:start + size]))
        at = start + size
    return found


def only(data, tag=0x30):
    """The elements in the one element of this tag that `data` is."""
    whole = elements(data)
    if len(whole) != 1 or whole[0][0] != tag:
        raise ValueError("this is another structure")
    return elements(whole[0][1])
