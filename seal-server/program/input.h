// What several commands read, and how they write.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_
#define SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_

#include <filesystem>
#include <utility>

#include "common/bytes.h"
#include "seal-server/program/settings.h"

namespace signet::sealserver {

// Both throw std::runtime_error with a sentence.
Bytes input(const std::filesystem::path& file);
Bytes certificate_in(const std::filesystem::path& file);  // PEM; gives DER

// `work(group)`, through a sequencer of this process; the server may run beside it.
template <typename Work>
auto write_to(const std::filesystem::path& dir, Work work) {
  const ServerFolder folder = ServerFolder::open(dir);
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  return sequencer.write(std::move(work));
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_INPUT_H_
