#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <ctime>
#include <new>
#include <utility>

#include "common/clock.h"
#include "common/log_line.h"
#include "crypto/openssl.h"

namespace signet::crypto {

X509Ptr certificate_of(ByteView der) {
  X509* made = X509_new_ex(library_context(), nullptr);
  const unsigned char* at = der.data();
  if (made == nullptr || d2i_X509(&made, &at, static_cast<long>(der.size())) == nullptr) {
    (void)openssl_reason();
    return nullptr;  // d2i_X509() has freed it
  }
  X509Ptr certificate(made);
  return at == der.data() + der.size() ? std::move(certificate) : nullptr;
}

std::string name_text(const X509_NAME* name) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory) throw std::bad_alloc();
  X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return log::printable(text_in(memory.get()));
}

std::string name_entry(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string utf8(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return utf8;
}

std::optional<std::chrono::system_clock::time_point> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return wall_time(timegm(&parts));
}

Bytes public_key_of(const X509* certificate) {
  return der_of(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY);
}

}  // namespace signet::crypto
