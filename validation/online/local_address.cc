#include "validation/online/local_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace signet::validation {

namespace {

struct Range {
  std::uint32_t first;
  int bits;
};

// IANA's special-purpose registry, as far as it is not global.
constexpr std::array kLocalV4 = {
    Range{0x00000000, 8},   // this network
    Range{0x0a000000, 8},   // private
    Range{0x64400000, 10},  // shared
    Range{0x7f000000, 8},   // loopback
    Range{0xa9fe0000, 16},  // link-local
    Range{0xac100000, 12},  // private
    Range{0xc0000000, 24},  // protocol assignments
    Range{0xc0a80000, 16},  // private
    Range{0xc6120000, 15},  // benchmarks
    Range{0xe0000000, 3},   // multicast, reserved, broadcast
};

bool is_local_v4(std::uint32_t address) {
  return std::ranges::any_of(kLocalV4, [&](const Range& range) {
    return (address ^ range.first) >> (32 - range.bits) == 0;
  });
}

std::uint32_t v4_at(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24U | static_cast<std::uint32_t>(bytes[1]) << 16U |
         static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
}

bool is_local_v6(const std::array<std::uint8_t, 16>& bytes) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 12> kCompatible = {};
  const std::span<const std::uint8_t> prefix(bytes.data(), 12);
  if (std::ranges::equal(prefix, kMapped) || std::ranges::equal(prefix, kNat64) ||
      std::ranges::equal(prefix, kCompatible))
    return is_local_v4(v4_at(bytes.data() + 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_local_v4(v4_at(bytes.data() + 2));  // 6to4
  return (bytes[0] & 0xe0U) != 0x20;  // global unicast is 2000::/3
}

}  // namespace

bool is_local(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_local_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> bytes{};
  std::ranges::copy(v6.sin6_addr.s6_addr, bytes.begin());
  return is_local_v6(bytes);
}

bool is_local_by_name(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) == 0) {
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
    return is_local(*found->ai_addr);
  }
  std::string_view name = host;
  if (name.ends_with('.')) name.remove_suffix(1);
  return name.find('.') == std::string_view::npos || name.ends_with(".localhost");
}

Result<HostAddresses, std::string> addresses_of(const std::string& host, const std::string& port,
                                                bool may_be_local) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
    return fmt::format("the host name cannot be resolved: {}", gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::string addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    if (!may_be_local && is_local(*entry->ai_addr)) return std::string(kLocalHost);
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0)
      continue;
    if (!addresses.empty()) addresses += ',';
    addresses += entry->ai_family == AF_INET6 ? fmt::format("[{}]", text.data()) : text.data();
  }
  if (addresses.empty()) return std::string("the host has no address");
  return HostAddresses{std::move(addresses)};
}

}  // namespace signet::validation
