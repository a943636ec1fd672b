// Any bytes as an HTTP/1.1 response. How it comes in pieces changes nothing of what is read.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "https/client/response_reader.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using https::Reception;
using https::ResponseReader;

constexpr std::size_t kLargestBody = 4096;

// What is read of `answer`, of which no more than `size` bytes come at a time.
struct Read {
  Read(std::string_view answer, std::size_t size) {
    while (!answer.empty() && taken) {
      const std::string_view piece = answer.substr(0, size);
      answer.remove_prefix(piece.size());
      taken = reader.take(piece);
    }
    if (taken) whole = reader.take_end();
  }

  Reception reception{kLargestBody};
  ResponseReader reader{reception};
  bool taken = true;
  bool whole = false;
};

void check(std::string_view answer, std::size_t size) {
  Read at_once(answer, std::max<std::size_t>(answer.size(), 1));
  Read in_pieces(answer, size);
  require(at_once.taken == in_pieces.taken, "pieces do not decide whether it is a response");
  if (!at_once.taken) return;
  require(at_once.whole == in_pieces.whole, "nor whether it is whole");
  if (!at_once.whole) return;
  require(at_once.reader.status() == in_pieces.reader.status(), "nor the status");
  require(at_once.reader.keeps_connection() == in_pieces.reader.keeps_connection(),
          "nor whether another may follow");
  require(at_once.reception.response().body == in_pieces.reception.response().body, "nor the body");
  require(at_once.reader.status() >= 200 && at_once.reader.status() <= 999,
          "a response that is whole is no interim one");
  require(at_once.reception.response().body.size() <= kLargestBody, "the body is bounded");
}

}  // namespace
}  // namespace signet::fuzz

// The first byte: how large the pieces are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string answer(reinterpret_cast<const char*>(data) + 1, size - 1);
  signet::fuzz::check(answer, std::size_t{data[0]} + 1);
  return 0;
}
