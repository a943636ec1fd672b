// Where a sealed document goes. A file is there whole or not at all.
#ifndef SIGNET_SEALING_OUTPUT_H_
#define SIGNET_SEALING_OUTPUT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "common/bytes.h"
#include "sealing/error.h"

namespace signet::sealing {

// Used by one thread at a time.
class Output {
 public:
  enum class Existing { refuse, replace };

  // Written without a name in the same folder (under another one where the file system cannot), synced, and then given
  // its own. Mode 0666 less the umask, or that of the file which it replaces. It may be the input's own path.
  static SealResult<Output> file(const std::filesystem::path& path, Existing existing);

  // A descriptor of the caller's (standard output), which stays open. What was written cannot be taken back.
  static Output descriptor(int descriptor);

  // Bytes of the caller's, which are only changed by commit().
  static Output memory(Bytes& bytes);

  static Output callback(std::function<bool(ByteView)> write);

  Output(Output&&) noexcept;
  Output& operator=(Output&&) noexcept;
  ~Output();  // without commit() nothing is left behind

  // Whether nobody sees what is written before commit(): a file, and memory.
  bool is_private() const;

  // Of a private one: nothing was written yet.
  SealResult<void> restart();

  // Of a file: the room for all of it, so that a full disk shows before there is a signature (OutputFile::reserve).
  SealResult<void> reserve(std::uint64_t size);

  SealResult<void> write(ByteView bytes);

  // Before a wait: what was written to a file may go to the disk meanwhile (OutputFile::start_syncing).
  void start_syncing() const noexcept;

  // A file: on disk, and in its folder under its name.
  SealResult<void> commit();

  const std::string& name() const;

 private:
  struct State;
  explicit Output(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_OUTPUT_H_
