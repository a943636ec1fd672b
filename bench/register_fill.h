// A register full of seals: written by the seal server's own sequencer, in groups as no server meets them, and with the indexes
// made at the end.
#ifndef SIGNET_BENCH_REGISTER_FILL_H_
#define SIGNET_BENCH_REGISTER_FILL_H_

#include <cstdint>
#include <filesystem>
#include <string>

namespace signet::bench {

struct RegisterFill {
  std::filesystem::path folder;  // of the server, which must not run
  std::string database;          // SqlConnection::open()
  std::string client;            // id
  std::uint64_t first = 0;       // number of the first one; those before it are there
  std::uint64_t seals = 0;       // that there are in the end: each opened, and sealed
};

// Throws where something fails; the indexes may be missing then.
void fill_register(const RegisterFill& fill);

// Of seal number N, whose document is the number in decimal.
std::string filled_reference(std::uint64_t number);
std::string filled_time(std::uint64_t number);  // by which it was opened: RFC 3339 in UTC

}  // namespace signet::bench

#endif  // SIGNET_BENCH_REGISTER_FILL_H_
