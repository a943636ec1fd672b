// Certificate requests (PKCS#10, RFC 2986) signed by a key of a token.
#ifndef SIGNET_KEYGEN_REQUEST_H_
#define SIGNET_KEYGEN_REQUEST_H_

#include <string>
#include <vector>

#include "common/bytes.h"
#include "keygen/certificate.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

// Qualified certificate statements (EN 319 412-5) that a CA may take over.
struct QcStatements {
  bool compliance = false;  // QcCompliance: an EU qualified certificate
  bool sscd = false;        // QcSSCD: the key is in a qualified device
  std::string type;         // QcType: "eseal", "esign" or "web"; empty: none

  bool empty() const { return !compliance && !sscd && type.empty(); }
};

struct RequestWish {
  Bytes subject;                               // DER Name; see subject.h
  std::vector<std::string> alternative_names;  // "DNS:…", "email:…", "URI:…", "IP:…", "dirName:…"
  std::vector<std::string> key_usage;          // "digitalSignature", "nonRepudiation", …
  std::vector<std::string> extended_key_usage;  // "emailProtection", …, or numbers
  QcStatements statements;
  std::vector<Bytes> extensions;  // DER Extension, taken as they are where none of the above says
                                  // something of the same kind
  Signing signing;
};

// The subject of a certificate, its alternative names, usages and statements, for its successor.
RequestWish wish_like(const Certificate& certificate);

// DER. unreadable for a wish that OpenSSL cannot read, key_disabled for a key that may not sign. The request is verified before it is handed out.
TokenResult<Bytes> make_request(const TokenSession& token, const Key& key, const RequestWish& wish);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_REQUEST_H_
