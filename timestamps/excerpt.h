// What strangers say, for sentences.
#ifndef SIGNET_TIMESTAMPS_EXCERPT_H_
#define SIGNET_TIMESTAMPS_EXCERPT_H_

#include <string>
#include <string_view>

namespace signet::timestamps {

// Printable; of a longer text than 200 bytes its beginning, in whole characters, and "...".
std::string excerpt(std::string_view text);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_EXCERPT_H_
