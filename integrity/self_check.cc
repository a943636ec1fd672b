#include "integrity/self_check.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>

#include "integrity/image_digest.h"

// The linker's name for the ELF header of the file that this code is in.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
extern "C" [[gnu::visibility("hidden")]] const ElfW(Ehdr) __ehdr_start;
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)

namespace signet::integrity {

namespace {

// Read through `volatile` only: the compiler knows the zeros, not what the build puts in their place.
#ifdef __clang__
[[clang::no_sanitize("address")]]  // which would append bytes of its own to the section
#endif
[[gnu::section(".signet_stamp"), gnu::used]] const ImageDigest kDigest{};

ImageDigest written_digest() {
  ImageDigest digest{};
  const volatile std::uint8_t* const bytes = kDigest.data();
  for (std::size_t i = 0; i < digest.size(); ++i) digest.at(i) = bytes[i];
  return digest;
}

std::string file_of_this() {
  Dl_info info{};
  if (dladdr(&kDigest, &info) == 0 || info.dli_fname == nullptr) return "the module";
  return info.dli_fname;
}

}  // namespace

CkResult<void> check_self(const std::shared_ptr<crypto::Context>& context) {
  const auto* const image = reinterpret_cast<const std::uint8_t*>(&__ehdr_start);
  const auto segments = program_headers(__ehdr_start);
  const auto first = std::ranges::find_if(segments, is_covered);
  if (first == segments.end()) return ck_error(CKR_GENERAL_ERROR, "the module has no code");
  const auto* const zero = image - first->p_vaddr;
  const auto digest_at = static_cast<ElfW(Addr)>(kDigest.data() - zero);
  const Locate in_memory = [&](const ElfW(Phdr) & segment) { return zero + segment.p_vaddr; };
  BOOST_OUTCOME_TRY(const auto digest,
                    digest_of_image(context, __ehdr_start, in_memory, digest_at));
  if (digest == written_digest()) return success();
  return ck_error(
      CKR_GENERAL_ERROR,
      fmt::format("{}: its code or its constants are not those that were built: the file was "
                  "changed or damaged, or the memory of this process was; install it again",
                  file_of_this()));
}

}  // namespace signet::integrity
