// A document that is to be sealed or that is sealed already: read at any place, as often as wanted, never as a whole.
#ifndef SIGNET_SEALING_INPUT_H_
#define SIGNET_SEALING_INPUT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "common/bytes.h"
#include "crypto/cms/reader.h"
#include "sealing/error.h"

namespace signet::sealing {

// Used by one thread at a time.
class Input {
 public:
  // A regular file, opened here and kept open.
  static SealResult<Input> file(const std::filesystem::path& path);

  // All that comes from a descriptor (standard input, a pipe), copied to a private temporary file without a name first:
  // a sealed document's length stands in front of it. `folder`: where; empty: TMPDIR, else /var/tmp.
  static SealResult<Input> spooled(int descriptor, const std::filesystem::path& folder = {});

  // Bytes that outlive the input and do not change meanwhile.
  static Input memory(ByteView bytes);

  // A caller's own store: `read` fills the span from that offset, and may be called again for what it has given before.
  static Input callback(
      std::uint64_t size,
      std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)> read);

  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;
  ~Input();

  std::uint64_t size() const;  // bytes

  // False where that many bytes cannot be read there.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  // Calls `take` with everything, piece by piece. Failure::input where it cannot be read, Failure::cancelled where `take`
  // says false.
  SealResult<void> each_piece(const std::function<bool(ByteView)>& take) const;

  // Failure::changed where the file is another one than when it was opened: size, times, identity.
  SealResult<void> check_unchanged() const;

  // False where check_unchanged() could miss a change: the file was written to just before it was opened, or the bytes
  // come from a caller. Whoever reads twice compares digests then.
  bool change_would_show() const;

  // What it is called in messages.
  const std::string& name() const;

  // For the reader of CMS messages; valid as long as this object.
  cms::Source source() const;

 private:
  struct State;
  explicit Input(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_INPUT_H_
