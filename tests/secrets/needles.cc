#include "tests/secrets/needles.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "crypto/base64.h"
#include "tests/support/files.h"

namespace signet::tests {
namespace {

constexpr std::size_t kPiece = 12;           // bytes of a secret that are one needle
constexpr std::size_t kContext = 24;         // bytes shown on each side of a hit
constexpr std::size_t kChunk = 1024 * 1024;  // of a process's memory, read at once

// The characters of base64 that depend on the password alone, whatever stands before and after.
std::string inner_base64(const std::string& password, std::size_t before) {
  const std::string padded = std::string(before, '\0') + password;
  const std::size_t whole = padded.size() / 3 * 3;
  const std::string text = crypto::to_base64(view_of(std::string_view(padded).substr(0, whole)));
  return text.substr(before == 0 ? 0 : 4);
}

std::string around(std::string_view text, std::size_t at, std::size_t size) {
  const std::size_t from = at < kContext ? 0 : at - kContext;
  std::string shown(text.substr(from, at - from + size + kContext));
  std::ranges::replace_if(
      shown, [](char c) { return std::isprint(static_cast<unsigned char>(c)) == 0; }, '.');
  return shown;
}

struct Mapping {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string line;
};

std::vector<Mapping> writable_mappings(pid_t process) {
  std::ifstream maps(fmt::format("/proc/{}/maps", process));
  std::vector<Mapping> mappings;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream parts(line);
    Mapping mapping;
    char dash = 0;
    std::string rights;
    parts >> std::hex >> mapping.begin >> dash >> mapping.end >> rights;
    mapping.line = line;
    if (rights.find('w') != std::string::npos) mappings.push_back(mapping);
  }
  return mappings;
}

}  // namespace

std::vector<Needle> needles_for(const std::string& name, const std::string& password) {
  std::vector<Needle> whole = {{name, password}, {name + ", hex", to_hex(view_of(password))}};
  for (std::size_t before = 0; before < 3; ++before) {
    whole.push_back(
        {fmt::format("{}, base64 at {}", name, before), inner_base64(password, before)});
  }
  std::vector<Needle> pieces;
  for (const Needle& needle : whole) {
    for (std::size_t at = 0; at + kPiece <= needle.bytes.size(); at += kPiece) {
      pieces.push_back(
          {fmt::format("{}, piece {}", needle.name, at / kPiece), needle.bytes.substr(at, kPiece)});
    }
  }
  return pieces;
}

std::ostream& operator<<(std::ostream& out, const Hit& hit) {
  return out << hit.needle << " in " << hit.place << fmt::format(" at 0x{:x}: ", hit.offset)
             << hit.around;
}

std::string list_of(const std::vector<Hit>& hits) {
  std::ostringstream text;
  for (const Hit& hit : hits) text << "\n  " << hit;
  return text.str();
}

std::vector<Hit> search_text(std::string_view text, const std::string& place,
                             const std::vector<Needle>& needles) {
  std::vector<Hit> hits;
  for (const Needle& needle : needles) {
    if (needle.bytes.size() < 8)
      throw std::runtime_error(needle.name + " is too short to look for");
    for (auto at = text.find(needle.bytes); at != std::string_view::npos;
         at = text.find(needle.bytes, at + 1)) {
      hits.push_back({needle.name, place, at, around(text, at, needle.bytes.size())});
    }
  }
  return hits;
}

std::vector<Hit> search_folder(const std::filesystem::path& folder,
                               const std::vector<std::filesystem::path>& but,
                               const std::vector<Needle>& needles) {
  std::vector<Hit> hits;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool left_out = std::ranges::find(but, entry.path()) != but.end();
    if (left_out || !entry.is_regular_file()) continue;
    const auto more = search_text(read_file(entry.path()), entry.path().string(), needles);
    hits.insert(hits.end(), more.begin(), more.end());
  }
  return hits;
}

std::vector<Hit> search_memory(pid_t process, const std::vector<Needle>& needles) {
  const Descriptor memory(
      ::open(fmt::format("/proc/{}/mem", process).c_str(), O_RDONLY | O_CLOEXEC));
  if (!memory) throw std::runtime_error("cannot read the memory: " + system_text(errno));
  std::size_t longest = 0;
  for (const Needle& needle : needles) longest = std::max(longest, needle.bytes.size());
  std::vector<Hit> hits;
  std::size_t searched = 0;
  for (const Mapping& mapping : writable_mappings(process)) {
    std::string bytes;
    for (std::size_t at = mapping.begin; at < mapping.end;) {
      // The last bytes of the chunk before come first: a secret may lie across.
      const std::size_t kept = std::min(bytes.size(), longest);
      bytes.erase(0, bytes.size() - kept);
      const std::size_t size = std::min(kChunk, mapping.end - at);
      bytes.resize(kept + size);
      const ssize_t got = ::pread(memory.get(), bytes.data() + kept, size, static_cast<off_t>(at));
      if (got <= 0) break;  // not every mapping can be read ([vvar])
      bytes.resize(kept + static_cast<std::size_t>(got));
      for (Hit& hit : search_text(bytes, mapping.line, needles)) {
        if (kept > 0 && hit.offset + longest <= kept) continue;  // seen with the chunk before
        hit.offset += at - kept - mapping.begin;
        hits.push_back(std::move(hit));
      }
      at += static_cast<std::size_t>(got);
      searched += static_cast<std::size_t>(got);
    }
  }
  if (searched < kChunk) throw std::runtime_error("the process has no memory to search");
  return hits;
}

}  // namespace signet::tests
