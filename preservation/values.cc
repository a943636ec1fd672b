#include "preservation/values.h"

#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::preservation {

namespace {

constexpr std::uint8_t kEnumerated = 0x0A;
constexpr std::uint8_t kSuccessful[] = {kEnumerated, 1, 0};
constexpr const char* kBasicResponse = "1.3.6.1.5.5.7.48.1.1";  // id-pkix-ocsp-basic

}  // namespace

Bytes ocsp_response_of(const validation::RevocationData& data) {
  const der::Reader reader(der::only(der::kSequence, data.der()).value_or(ByteView()));
  if (reader.next_is(kEnumerated)) return data.der();
  const Bytes response = der::encode_sequence(
      {cms::encode_oid(kBasicResponse), der::encode(der::kOctetString, data.der())});
  return der::encode_sequence({copy_of(kSuccessful), der::encode(der::kContext0, response)});
}

}  // namespace signet::preservation
