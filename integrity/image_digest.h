// What identifies the code and the constants of an ELF image, whether it lies in a file or is mapped: the
// content of the loaded segments that nobody may write to. Loading leaves them as they are (position independent
// code has its relocations elsewhere), and so do strip and everything that keeps what is loaded.
#ifndef SIGNET_INTEGRITY_IMAGE_DIGEST_H_
#define SIGNET_INTEGRITY_IMAGE_DIGEST_H_

#include <link.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "crypto/ck_result.h"
#include "crypto/context.h"

namespace signet::integrity {

using ImageDigest = std::array<std::uint8_t, 32>;  // SHA-256
// The section that holds nothing but the digest of the rest.
inline constexpr char kStampSection[] = ".signet_stamp";

// The program headers at their place behind the ELF header.
std::span<const ElfW(Phdr)> program_headers(const ElfW(Ehdr) & header);

bool is_covered(const ElfW(Phdr) & segment);

// Where the first byte of a segment lies now.
using Locate = std::function<const std::uint8_t*(const ElfW(Phdr)&)>;

// `digest_at`: the virtual address of the digest itself, whose bytes are left out. Bytes are read as they are, also
// those between the variables of a program with a sanitizer.
CkResult<ImageDigest> digest_of_image(std::shared_ptr<crypto::Context> context,
                                      const ElfW(Ehdr) & header, const Locate& locate,
                                      ElfW(Addr) digest_at);

}  // namespace signet::integrity

#endif  // SIGNET_INTEGRITY_IMAGE_DIGEST_H_
