// An X.509 certificate as a value.
#ifndef SIGNET_KEYGEN_CERTIFICATE_H_
#define SIGNET_KEYGEN_CERTIFICATE_H_

#include <openssl/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "keygen/token_names.h"

namespace signet::keygen {

// Immutable; cheap to copy.
class Certificate {
 public:
  static TokenResult<Certificate> from_der(ByteView der);

  const Bytes& der() const { return content_->der; }
  const Bytes& public_key() const { return content_->public_key; }  // DER SubjectPublicKeyInfo
  Bytes subject_der() const;                                        // DER Name
  Bytes issuer_der() const;                                         // DER Name
  Bytes serial_der() const;                                         // DER INTEGER
  std::string subject() const;  // "C=CZ,O=Office,CN=seal"; see subject.h
  std::string issuer() const;
  std::string common_name() const;  // of the subject; empty where it has none
  std::string serial() const;       // hexadecimal
  std::string signature_algorithm() const;
  std::string fingerprint() const;  // SHA-256, lower-case hexadecimal
  std::chrono::system_clock::time_point not_before() const;
  std::chrono::system_clock::time_point not_after() const;
  bool is_authority() const;    // may issue certificates (basicConstraints, or a version 1 root)
  bool is_self_issued() const;  // subject and issuer are the same name
  std::string text() const;     // all of it, as `openssl x509 -text` prints it

  X509* x509() const { return content_->x509.get(); }  // owned by this object and its copies

  bool operator==(const Certificate& other) const { return equal(der(), other.der()); }

 private:
  struct Content {
    std::shared_ptr<X509> x509;
    Bytes der;
    Bytes public_key;
  };
  explicit Certificate(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;
};

// One in DER, one or more in PEM (with whatever text between them), or those of a PKCS#7 or CMS
// message in either form. At least one, in the order of the file; unreadable otherwise.
TokenResult<std::vector<Certificate>> parse_certificates(ByteView content);
TokenResult<std::vector<Certificate>> read_certificates(const std::filesystem::path& file);

inline constexpr std::size_t kLargestCertificateFile = 4U * 1024 * 1024;  // bytes

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_CERTIFICATE_H_
