#include "validation/names.h"

#include "crypto/certificate.h"
#include "crypto/host_errors.h"

namespace signet::validation {

namespace {

constexpr std::size_t kLargestName = std::size_t{64} * 1024;
constexpr std::size_t kLongestText = 512;

}  // namespace

NamePtr parse_name(ByteView der) {
  if (der.size() > kLargestName) return nullptr;
  const crypto::HostErrors aside;
  const unsigned char* at = der.data();
  NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())));
  if (name == nullptr || at != der.data() + der.size()) return nullptr;
  return name;
}

bool same_name(const X509_NAME* a, const X509_NAME* b) {
  return X509_NAME_cmp(a, b) == 0;
}

std::string shortened(std::string text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string name_text(const X509_NAME* name) {
  return shortened(crypto::name_text(name));
}

}  // namespace signet::validation
