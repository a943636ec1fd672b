// Java's texts are UTF-16, C's are UTF-8. (JNI's own conversion is to another form of it.)
#ifndef SIGNET_BINDINGS_JAVA_NATIVE_UTF_H_
#define SIGNET_BINDINGS_JAVA_NATIVE_UTF_H_

#include <optional>
#include <string>
#include <string_view>

namespace signet::java {

// None where half of a character, or a zero, is in it.
std::optional<std::string> utf8_of(std::u16string_view units);
// What is not UTF-8 becomes U+FFFD.
std::u16string utf16_of(std::string_view utf8);

}  // namespace signet::java

#endif  // SIGNET_BINDINGS_JAVA_NATIVE_UTF_H_
