#include "softhsm-backend/ports.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "common/descriptor.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator {

namespace {

constexpr unsigned kLowest = 10'000;  // below are those of well-known services
constexpr unsigned kHighest = 65'535;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  std::memcpy(&number, random_bytes(sizeof number).data(), sizeof number);
  return number;
}

// Counts in shared memory, which a restart of the machine clears. Without it: anywhere.
std::uint64_t next_turn() {
  const auto name = fmt::format("/signet-emulator-ports-{}", geteuid());
  const Descriptor counter(shm_open(name.c_str(), O_RDWR | O_CREAT, 0600));
  struct stat status {};
  if (!counter || fstat(counter.get(), &status) != 0 || status.st_uid != geteuid() ||
      flock(counter.get(), LOCK_EX) != 0) {
    return random_number();
  }
  std::uint64_t turn = 0;
  if (pread(counter.get(), &turn, sizeof turn, 0) != sizeof turn) turn = random_number();
  ++turn;
  if (pwrite(counter.get(), &turn, sizeof turn, 0) != sizeof turn) return random_number();
  return turn;
}

// `port`, or where it is 0 any; nothing where it is taken.
std::optional<std::uint16_t> bound(const std::string& address, unsigned port) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  const tcp::endpoint wanted(boost::asio::ip::make_address(address),
                             static_cast<std::uint16_t>(port));
  boost::system::error_code error;
  tcp::acceptor acceptor(context);
  acceptor.open(wanted.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(wanted, error);
  if (error) return std::nullopt;
  return acceptor.local_endpoint().port();
}

}  // namespace

PortRange PortRange::of_this_machine() {
  unsigned lower = 32'768;  // Linux's own choice
  unsigned upper = 60'999;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> lower >> upper;
  const unsigned below = std::max(lower, kLowest) - kLowest;
  const unsigned above = kHighest - std::min(upper, kHighest);
  return below >= above ? PortRange{.first = kLowest, .count = below}
                        : PortRange{.first = upper + 1, .count = above};
}

std::uint16_t reserve_port(const std::string& address) {
  const PortRange range = PortRange::of_this_machine();
  for (unsigned i = 0; i < range.count; ++i) {
    const auto turn = static_cast<unsigned>(next_turn() % range.count);
    if (const auto port = bound(address, range.first + turn)) return *port;
  }
  if (const auto port = bound(address, 0)) return *port;
  throw std::runtime_error("no port is free on " + address);
}

}  // namespace signet::emulator
