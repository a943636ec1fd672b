// A source that remembers whether it could not give bytes of its own. Whoever reads a document through many layers, some of which
// take bytes that are not there for an object that is absent, must know that before anything is judged.
#ifndef SIGNET_VALIDATION_READING_WATCHED_SOURCE_H_
#define SIGNET_VALIDATION_READING_WATCHED_SOURCE_H_

#include <cstdint>
#include <span>

#include "common/bytes.h"

namespace signet::validation {

// `Source`: pdf::Source or cms::Source. `failed` outlives the result, and also becomes true where reading throws.
template <typename Source>
Source watched(const Source& source, bool& failed) {
  return {source.size, [source, &failed](std::uint64_t offset, std::span<std::uint8_t> out) {
            const bool is_inside = offset <= source.size && out.size() <= source.size - offset;
            const bool before = failed;
            failed = failed || is_inside;
            const bool read = source.read(offset, out);
            if (read) failed = before;
            return read;
          }};
}

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_WATCHED_SOURCE_H_
