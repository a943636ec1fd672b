#include "crypto/certificate_bundle.h"

#include <openssl/cms.h>
#include <openssl/pem.h>

#include <string>
#include <string_view>
#include <utility>

#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace signet::crypto {

namespace {

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;

std::vector<Bytes> certificates_in_cms(ByteView content) {
  const BioPtr in = bio_over(content);
  // An object of this context, so that a host's configuration of OpenSSL is not asked for.
  CMS_ContentInfo* parsed = CMS_ContentInfo_new_ex(library_context(), nullptr);
  const bool is_message = d2i_CMS_bio(in.get(), &parsed) != nullptr;
  // Where nothing could be read at all, the object is left as it was.
  const CmsPtr message(parsed);
  if (!is_message) return {};
  const CertificateStackPtr inside(CMS_get1_certs(message.get()));
  std::vector<Bytes> found;
  for (int at = 0; inside && at < sk_X509_num(inside.get()); ++at)
    found.push_back(der_of(sk_X509_value(inside.get(), at), i2d_X509));
  return found;
}

// One whole certificate, or a message.
std::vector<Bytes> certificates_in_der(ByteView content) {
  std::vector<Bytes> found;
  if (certificate_of(content))
    found.push_back(copy_of(content));
  else
    found = certificates_in_cms(content);
  return found;
}

std::vector<Bytes> certificates_in_pem(ByteView content) {
  std::vector<Bytes> found;
  const BioPtr in = bio_over(content);
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (PEM_read_bio(in.get(), &name, &header, &data, &size) == 1) {
    const std::string kind = name;
    Bytes der(data, data + size);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    if (kind == PEM_STRING_PKCS7 || kind == PEM_STRING_CMS || kind == PEM_STRING_PKCS7_SIGNED) {
      for (Bytes& each : certificates_in_der(der)) found.push_back(std::move(each));
    } else if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD) {
      found.push_back(std::move(der));
    }
  }
  return found;
}

}  // namespace

std::vector<Bytes> certificates_in(ByteView content) {
  constexpr std::string_view kPemMark = "-----BEGIN ";
  const bool is_pem = text_of(content).find(kPemMark) != std::string_view::npos;
  auto found = is_pem ? certificates_in_pem(content) : certificates_in_der(content);
  openssl_reason();  // the end of the file is one of its errors
  return found;
}

}  // namespace signet::crypto
