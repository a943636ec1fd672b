#include "integrity/image_digest.h"

#include <algorithm>
#include <utility>

#include "crypto/digest.h"

namespace signet::integrity {

namespace {

struct Range {
  ElfW(Addr) begin;
  ElfW(Addr) end;
};

// What is not hashed, in the order of the addresses: where the section headers are (strip moves them) and the digest.
std::array<Range, 3> holes(ElfW(Addr) header_at, ElfW(Addr) digest_at) {
  using Header = ElfW(Ehdr);
  constexpr std::size_t offset_of_place = offsetof(Header, e_shoff);
  constexpr std::size_t offset_of_count = offsetof(Header, e_shnum);
  return {{{header_at + offset_of_place, header_at + offset_of_place + sizeof(Header::e_shoff)},
           {header_at + offset_of_count, header_at + sizeof(Header)},
           {digest_at, digest_at + sizeof(ImageDigest)}}};
}

// A plain copy: between the variables of a program with a sanitizer lie bytes that memcpy() may not touch.
__attribute__((no_sanitize("address", "thread"))) void copy_bytes(const std::uint8_t* from,
                                                                  std::size_t size,
                                                                  std::uint8_t* to) {
  for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
}

CkResult<void> hash_bytes(crypto::Digest& digest, const std::uint8_t* from, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled below
  std::array<std::uint8_t, 16384> piece;
  while (size != 0) {
    const std::size_t length = std::min(size, piece.size());
    copy_bytes(from, length, piece.data());
    BOOST_OUTCOME_TRY(digest.update({piece.data(), length}));
    from += length;
    size -= length;
  }
  return success();
}

// Its place and size are part of what is hashed.
CkResult<void> hash_place(crypto::Digest& digest, const Range& range) {
  return digest.update({reinterpret_cast<const std::uint8_t*>(&range), sizeof range});
}

CkResult<void> hash_segment(crypto::Digest& digest, const Range& segment,
                            const std::uint8_t* content, std::span<const Range> left_out) {
  BOOST_OUTCOME_TRY(hash_place(digest, segment));
  ElfW(Addr) at = segment.begin;
  for (const Range& hole : left_out) {
    if (hole.begin < at || hole.end > segment.end) continue;
    BOOST_OUTCOME_TRY(hash_bytes(digest, content + (at - segment.begin), hole.begin - at));
    at = hole.end;
  }
  return hash_bytes(digest, content + (at - segment.begin), segment.end - at);
}

}  // namespace

std::span<const ElfW(Phdr)> program_headers(const ElfW(Ehdr) & header) {
  const auto* at = reinterpret_cast<const std::uint8_t*>(&header) + header.e_phoff;
  return {reinterpret_cast<const ElfW(Phdr)*>(at), header.e_phnum};
}

bool is_covered(const ElfW(Phdr) & segment) {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_W) == 0;
}

CkResult<ImageDigest> digest_of_image(std::shared_ptr<crypto::Context> context,
                                      const ElfW(Ehdr) & header, const Locate& locate,
                                      ElfW(Addr) digest_at) {
  BOOST_OUTCOME_TRY(auto digest, crypto::Digest::start(std::move(context), crypto::Hash::sha256));
  const auto segments = program_headers(header);
  const auto first = std::ranges::find(segments, 0U, &ElfW(Phdr)::p_offset);
  const auto left_out = holes(first == segments.end() ? 0 : first->p_vaddr, digest_at);
  for (const ElfW(Phdr) & segment : segments) {
    if (!is_covered(segment)) continue;
    const Range place{segment.p_vaddr, segment.p_vaddr + segment.p_filesz};
    BOOST_OUTCOME_TRY(hash_segment(digest, place, locate(segment), left_out));
  }
  BOOST_OUTCOME_TRY(const auto bytes, digest.finish());
  ImageDigest value{};
  std::ranges::copy(bytes, value.begin());
  return value;
}

}  // namespace signet::integrity
