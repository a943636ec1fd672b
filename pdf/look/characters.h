// A text as code points, in the type that HarfBuzz, FriBidi and libunibreak take.
#ifndef SIGNET_PDF_LOOK_CHARACTERS_H_
#define SIGNET_PDF_LOOK_CHARACTERS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signet::pdf::look {

using Characters = std::vector<std::uint32_t>;
using CharacterView = std::span<const std::uint32_t>;

// `text` is UTF-8 (bytes that are not become U+FFFD). A tab becomes a space.
Characters characters_of(std::string_view text);

// Characters that are not seen when no font knows them, Unicode's Default_Ignorable_Code_Point: joiners, direction,
// variation selectors.
bool is_ignorable(std::uint32_t character);

// UTF-16 with the high byte first, as text is written in PDF.
std::string utf16_of(CharacterView text);

// "U+0159 (ř)"
std::string described(std::uint32_t character);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_CHARACTERS_H_
