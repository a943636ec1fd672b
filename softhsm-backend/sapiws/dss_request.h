// What a SignRequest or a VerifyRequest of DSS asks for.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_REQUEST_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/secret.h"
#include "softhsm-backend/sapiws/dss_answer.h"
#include "softhsm-backend/sapiws/envelope.h"

namespace signet::emulator::sapiws {

// DssSign and DssVerify.
const Contract& dss_contract();

struct Document {
  std::string mime_type;  // empty: none was said
  Bytes data;
};

struct DocumentHash {
  std::string method;  // the digest's URI; empty: none was said
  Bytes value;
};

struct DssRequest {
  std::string id;  // RequestID; empty where there is none
  std::string user;
  std::optional<Secret> password;
  std::optional<Secret> new_password;
  std::optional<Secret> sign_password;
  std::string signature_type;
  std::uint32_t flags = 0;
  bool estimate_size = false;
  std::optional<Document> document;  // the first of either
  std::optional<DocumentHash> hash;
  std::optional<Bytes> signature;  // of SignatureObject
  std::optional<Bytes>
      certificate;  // the configuration value CertVerify: what a PKCS#1 signature is verified by
  const Element* key_info = nullptr;  // KeySelector/KeyInfo, inside the element that was read

  // For the operations that take no credentials this asks nothing of the request.
  bool has_input() const { return document || hash; }
};

// `wrapper`: the element DssSign or DssVerify, which outlives the request.
DssOutcome<DssRequest> read_dss_request(const Element& wrapper);

// An account's name: with a domain (NameQualifier) "user@domain", for an appliance without a directory has no others.
std::string account_name(std::string_view name, std::string_view domain);

// An xs:unsignedInt or nothing.
std::optional<std::uint32_t> read_unsigned(std::string_view text);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_DSS_REQUEST_H_
