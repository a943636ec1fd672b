// What the commands read and write.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_
#define SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_

#include <filesystem>
#include <utility>

#include "common/bytes.h"
#include "seal-server/program/settings.h"

namespace signet::sealserver {

// Of at most 256 KiB. Throws std::runtime_error with a sentence.
Bytes file_input(const std::filesystem::path& file);

// DER of the first certificate in a file of PEM; likewise.
Bytes certificate_file(const std::filesystem::path& file);

// `work(group)`, through a sequencer of this process; the server may run beside it.
template <typename Work>
auto write_to(const std::filesystem::path& dir, Work work) {
  const ServerFolder folder = ServerFolder::open(dir);
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  return sequencer.write(std::move(work));
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_
