#include "validation/trusted_lists/xml_algorithms.h"

#include <openssl/objects.h>

#include <array>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/openssl_ptr.h"
#include "crypto/signature_names.h"

namespace signet::validation {

namespace {

using crypto::Hash;
using crypto::Scheme;

struct DigestRow {
  std::string_view uri;
  Hash hash;
};

constexpr std::array kDigests = {
    DigestRow{"http://www.w3.org/2001/04/xmlenc#sha256", Hash::sha256},
    DigestRow{"http://www.w3.org/2001/04/xmldsig-more#sha384", Hash::sha384},
    DigestRow{"http://www.w3.org/2001/04/xmlenc#sha512", Hash::sha512},
    DigestRow{"http://www.w3.org/2007/05/xmldsig-more#sha3-256", Hash::sha3_256},
    DigestRow{"http://www.w3.org/2007/05/xmldsig-more#sha3-384", Hash::sha3_384},
    DigestRow{"http://www.w3.org/2007/05/xmldsig-more#sha3-512", Hash::sha3_512},
};

struct SignatureRow {
  std::string_view uri;
  Scheme scheme;
  Hash hash;
};

constexpr std::array kSignatures = {
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", Scheme::rsa_pkcs1,
                 Hash::sha256},
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", Scheme::rsa_pkcs1,
                 Hash::sha384},
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", Scheme::rsa_pkcs1,
                 Hash::sha512},
    SignatureRow{"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", Scheme::rsa_pss,
                 Hash::sha256},
    SignatureRow{"http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", Scheme::rsa_pss,
                 Hash::sha384},
    SignatureRow{"http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", Scheme::rsa_pss,
                 Hash::sha512},
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", Scheme::ecdsa,
                 Hash::sha256},
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", Scheme::ecdsa,
                 Hash::sha384},
    SignatureRow{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", Scheme::ecdsa,
                 Hash::sha512},
    SignatureRow{"http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", Scheme::eddsa, Hash::none},
};

Bytes der_of_oid(const char* dotted) {
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(dotted, 1));
  return object == nullptr ? Bytes() : crypto::der_of(object.get(), i2d_ASN1_OBJECT);
}

Bytes identifier_of(const char* oid, ByteView parameters) {
  return der::encode_sequence({der_of_oid(oid), copy_of(parameters)});
}

const Bytes& null_parameters() {
  static const Bytes null = der::encode(der::kNull, {});
  return null;
}

// RFC 9231, 2.3.10: the same hash in MGF1, a salt of its length, the default trailer.
Bytes pss_identifier(Hash hash) {
  const Bytes digest = der::encode_sequence({copy_of(crypto::row_of(hash).oid), null_parameters()});
  const auto size = static_cast<std::uint8_t>(crypto::digest_size(hash));
  const Bytes parameters = der::encode_sequence({
      der::encode(der::kContext0, digest),
      der::encode(der::kContext1, identifier_of("1.2.840.113549.1.1.8", digest)),
      der::encode(der::kContext0 + 2, der::encode_positive({&size, 1})),
  });
  return identifier_of(crypto::kPssOid, parameters);
}

}  // namespace

Hash xml_digest(std::string_view uri) {
  for (const DigestRow& row : kDigests)
    if (row.uri == uri) return row.hash;
  return Hash::none;
}

std::optional<XmlSignatureAlgorithm> xml_signature_algorithm(std::string_view uri) {
  for (const SignatureRow& row : kSignatures) {
    if (row.uri != uri) continue;
    XmlSignatureAlgorithm found{row.scheme, row.hash, {}};
    if (row.scheme == Scheme::rsa_pss) {
      found.identifier = pss_identifier(row.hash);
    } else {
      const bool has_parameters = row.scheme == Scheme::rsa_pkcs1;
      found.identifier = identifier_of(crypto::signature_oid(row.scheme, row.hash),
                                       has_parameters ? ByteView(null_parameters()) : ByteView());
    }
    return found;
  }
  return std::nullopt;
}

Bytes signature_value(const XmlSignatureAlgorithm& algorithm, ByteView value) {
  return algorithm.scheme == Scheme::ecdsa ? der::encode_ecdsa(value) : copy_of(value);
}

}  // namespace signet::validation
