// stamp_module FILE: writes the digest of a freshly linked module into it. Run by the build.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "pkcs11-module/integrity/image_digest.h"
#include "pkcs11-module/integrity/magic.h"

namespace signet::integrity {

namespace {

using FileBytes = std::vector<std::uint8_t>;

struct Place {
  std::size_t offset;  // in the file
  ElfW(Addr) address;  // when loaded, from the image's beginning
};

FileBytes read_all(const char* file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

void check_header(const FileBytes& content) {
  const auto& header = *reinterpret_cast<const ElfW(Ehdr)*>(content.data());
  const bool elf = content.size() > sizeof header &&
                   std::memcmp(static_cast<const void*>(header.e_ident), ELFMAG, SELFMAG) == 0;
  const std::size_t headers_end =
      elf ? header.e_phoff + std::size_t{header.e_phnum} * sizeof(ElfW(Phdr)) : 0;
  if (!elf || headers_end > content.size()) throw std::runtime_error("is not an ELF file");
}

// Of the digest in the one stamp of the file.
Place find_digest(const FileBytes& content) {
  const auto& header = *reinterpret_cast<const ElfW(Ehdr)*>(content.data());
  std::vector<Place> found;
  for (const ElfW(Phdr) & segment : program_headers(header)) {
    if (!is_covered(segment)) continue;
    if (segment.p_offset + segment.p_filesz > content.size())
      throw std::runtime_error("is cut off");
    const auto begin = content.begin() + static_cast<std::ptrdiff_t>(segment.p_offset);
    const auto end = begin + static_cast<std::ptrdiff_t>(segment.p_filesz);
    for (auto at = begin;; ++at) {
      at = std::search(at, end, kMagic.begin(), kMagic.end());
      if (at == end) break;
      const auto inside = static_cast<std::size_t>(at - begin) + sizeof(Magic);
      found.push_back({segment.p_offset + inside, segment.p_vaddr + inside});
    }
  }
  if (found.size() != 1) throw std::runtime_error("has not exactly one stamp");
  return found.front();
}

void stamp(const char* file) {
  const FileBytes content = read_all(file);
  check_header(content);
  const Place place = find_digest(content);
  const Locate in_file = [&](const ElfW(Phdr) & segment) {
    return content.data() + segment.p_offset;
  };
  const auto digest =
      digest_of_image(crypto::Context::create().value(),
                      *reinterpret_cast<const ElfW(Ehdr)*>(content.data()), in_file, place.address);
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
  out.seekp(static_cast<std::streamoff>(place.offset));
  out.write(reinterpret_cast<const char*>(digest.value().data()),
            static_cast<std::streamsize>(digest.value().size()));
  out.close();
  if (!out) throw std::runtime_error("cannot be written");
}

}  // namespace

}  // namespace signet::integrity

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: stamp_module FILE\n", stderr);
    return 2;
  }
  try {
    signet::integrity::stamp(arguments[1]);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "stamp_module: %s %s\n", arguments[1], problem.what());
    return 1;
  }
  return 0;
}
