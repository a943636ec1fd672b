// stamp_module FILE: writes the digest of a freshly linked module into it. Run by the build.
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <vector>

#include "integrity/image_digest.h"

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

const ElfW(Ehdr) & header_of(const FileBytes& content) {
  return *reinterpret_cast<const ElfW(Ehdr)*>(content.data());
}

bool lies_in(const FileBytes& content, std::size_t offset, std::size_t size) {
  return offset <= content.size() && size <= content.size() - offset;
}

void check_shape(const FileBytes& content) {
  const ElfW(Ehdr)& header = header_of(content);
  const bool elf = content.size() > sizeof header &&
                   std::memcmp(static_cast<const void*>(header.e_ident), ELFMAG, SELFMAG) == 0;
  if (!elf || !lies_in(content, header.e_phoff, header.e_phnum * sizeof(ElfW(Phdr))) ||
      !lies_in(content, header.e_shoff, header.e_shnum * sizeof(ElfW(Shdr))) ||
      header.e_shstrndx >= header.e_shnum) {
    throw std::runtime_error("is not a whole ELF file");
  }
  for (const ElfW(Phdr) & segment : program_headers(header)) {
    if (is_covered(segment) && !lies_in(content, segment.p_offset, segment.p_filesz)) {
      throw std::runtime_error("is cut off");
    }
  }
}

Place find_stamp(const FileBytes& content) {
  const ElfW(Ehdr)& header = header_of(content);
  const std::span sections(reinterpret_cast<const ElfW(Shdr)*>(content.data() + header.e_shoff),
                           header.e_shnum);
  const std::size_t names = sections[header.e_shstrndx].sh_offset;
  for (const ElfW(Shdr) & section : sections) {
    const std::size_t name = names + section.sh_name;
    if (lies_in(content, name, sizeof kStampSection) &&
        std::memcmp(content.data() + name, kStampSection, sizeof kStampSection) == 0 &&
        section.sh_size == sizeof(ImageDigest)) {
      return {section.sh_offset, section.sh_addr};
    }
  }
  throw std::runtime_error("has no section for the digest");
}

void stamp(const char* file) {
  const FileBytes content = read_all(file);
  check_shape(content);
  const Place place = find_stamp(content);
  const Locate in_file = [&](const ElfW(Phdr) & segment) {
    return content.data() + segment.p_offset;
  };
  const auto digest = digest_of_image(crypto::Context::create().value(), header_of(content),
                                      in_file, place.address);
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
    (void)std::fputs("usage: stamp_module FILE\n", stderr);
    return 2;
  }
  try {
    signet::integrity::stamp(arguments[1]);
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "stamp_module: %s %s\n", arguments[1], problem.what());
    return 1;
  }
  return 0;
}
