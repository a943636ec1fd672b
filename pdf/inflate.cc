#include "pdf/inflate.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace signet::pdf {

namespace {

constexpr std::size_t kPiece = std::size_t{32} * 1024;

struct Inflater {
  z_stream state = {};
  bool ready = inflateInit(&state) == Z_OK;

  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&state); }
};

}  // namespace

PdfResult<void> inflate(Window& window, std::uint64_t offset, std::uint64_t length,
                        std::uint64_t most, const TakePiece& take) {
  Inflater inflater;
  if (!inflater.ready) return Error(ErrorKind::unreadable, "zlib cannot be used");
  z_stream& state = inflater.state;
  Bytes in(kPiece);
  Bytes out(kPiece);
  std::uint64_t done = 0;
  std::uint64_t made = 0;
  int status = Z_OK;
  while (status == Z_OK && done < length) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, length - done));
    const std::size_t got = window.read(offset + done, std::span(in).first(wanted));
    if (got == 0) break;
    state.next_in = in.data();
    state.avail_in = static_cast<uInt>(got);
    done += got;
    do {
      state.next_out = out.data();
      state.avail_out = static_cast<uInt>(out.size());
      status = ::inflate(&state, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return broken("a compressed stream is damaged", offset);
      const std::size_t size = out.size() - state.avail_out;
      made += size;
      if (made > most)
        return broken(fmt::format("a compressed stream inflates to more than {} bytes", most),
                      offset);
      if (size != 0) {
        BOOST_OUTCOME_TRY(take(ByteView(out).first(size)));
      }
    } while (status == Z_OK && state.avail_out == 0);
    if (status == Z_BUF_ERROR) status = Z_OK;
  }
  return success();
}

}  // namespace signet::pdf
