// Byte strings and their text forms.
#ifndef SIGNET_COMMON_BYTES_H_
#define SIGNET_COMMON_BYTES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signet {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Views of the same memory as the other type; nothing is copied.
ByteView view_of(std::string_view text);
std::string_view text_of(ByteView bytes);

Bytes copy_of(ByteView bytes);
bool equal(ByteView a, ByteView b);

// Lower-case hexadecimal, two digits a byte, no separators.
std::string to_hex(ByteView bytes);

// Either case; an odd number of digits or any other character gives nothing.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace signet

#endif  // SIGNET_COMMON_BYTES_H_
