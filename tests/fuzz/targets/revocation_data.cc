// Any bytes as a CRL and as an OCSP answer.
#include "validation/revocation_data.h"

#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <cstdint>

#include "common/bytes.h"
#include "common/printable.h"
#include "crypto/openssl.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using validation::Certificate;
using validation::CertificatePtr;
using validation::RevocationData;
using validation::RevocationDataPtr;
using validation::RevocationStatus;
using CrlPtr = OpensslPtr<X509_CRL, X509_CRL_free>;

// An authority, a certificate of it, and its OCSP responder. The corpus is signed by them.
constexpr std::string_view kCa =
    "3082014c3081ffa003020102020401000001300506032b6570301c310d300b060355040a0c0454657374310b"
    "300906035504030c024341301e170d3130303130313030303030305a170d3430303130313030303030305a30"
    "1c310d300b060355040a0c0454657374310b300906035504030c024341302a300506032b6570032100975047"
    "4b6d9f4f5eaf53881702ab6e61a74a3161bb91bb7da33fbb0ce7918997a3633061300f0603551d130101ff04"
    "0530030101ff300e0603551d0f0101ff040403020106301d0603551d0e0416041404657078adfedb603f07da"
    "3de6f3e9ee8da0a408301f0603551d2304183016801404657078adfedb603f07da3de6f3e9ee8da0a4083005"
    "06032b6570034100d9c0a349497e07437e2100d9199c657a8b28e4650b1d3ebb320f1846b368ed53e7ad4987"
    "c493794d72bf47e15566b2500a9b3d633d34ae30a7021cb5e97dc007";
constexpr std::string_view kSeal =
    "3082016630820118a003020102020401000002300506032b6570301c310d300b060355040a0c045465737431"
    "0b300906035504030c024341301e170d3130303130313030303030305a170d3430303130313030303030305a"
    "301e310d300b060355040a0c0454657374310d300b06035504030c045365616c302a300506032b6570032100"
    "5822f3beae21d799e6c5f1b56e16d39e16273908728c97265dd8ce6437080e2aa37a3078300e0603551d0f01"
    "01ff0404030206c030260603551d1f041f301d301ba019a0178615687474703a2f2f63612e6578616d706c65"
    "2f63726c301d0603551d0e04160414e652bc7eb703e31ef8f9622084960e03477f02c2301f0603551d230418"
    "3016801404657078adfedb603f07da3de6f3e9ee8da0a408300506032b65700341007dbb96efaad49cdbe0f4"
    "5f8a9c4e18a81d78ca554b03e61d9a3b1b58c872f2eeafa65ffefd823b95a098e6f82e73460ab97ff7f70544"
    "3d835d446b4d897e1d0f";
constexpr std::string_view kResponder =
    "308201693082011ba003020102020401000003300506032b6570301c310d300b060355040a0c045465737431"
    "0b300906035504030c024341301e170d3130303130313030303030305a170d3430303130313030303030305a"
    "3023310d300b060355040a0c04546573743112301006035504030c09526573706f6e646572302a300506032b"
    "6570032100d86342e3e9a53ec6dcbec9907ef379d6d6b95a3d3d2d2953b8a3e910c274330aa3783076300e06"
    "03551d0f0101ff04040302078030130603551d25040c300a06082b06010505070309300f06092b0601050507"
    "30010504020500301d0603551d0e04160414fa9d012c93b2c114d2230dadf8b80ba158bca5c0301f0603551d"
    "2304183016801404657078adfedb603f07da3de6f3e9ee8da0a408300506032b6570034100f798748d612cf0"
    "02466f8cf991dd3efd6fa06343ecce7f2fd61a137ffc73669ff8749996cae80cae6ef8ff29aa3c3a4fa914f2"
    "6ec88e6833e944c028caea7406";

CertificatePtr certificate(std::string_view hex) {
  auto parsed = Certificate::parse(from_hex(hex).value_or(Bytes()));
  require(parsed.has_value(), "the target's own certificates can be read");
  return std::move(parsed).value();
}

struct Parties {
  CertificatePtr ca = certificate(kCa);
  CertificatePtr seal = certificate(kSeal);
  CertificatePtr responder = certificate(kResponder);
};
const Parties& parties() {
  static const Parties made;
  return made;
}

void check_text(const std::string& text) {
  require(!text.empty() && printable(text) == text, "a sentence is printable");
}

void check_status(const RevocationStatus& status) {
  const bool revoked = status.kind == RevocationStatus::Kind::revoked ||
                       status.kind == RevocationStatus::Kind::on_hold;
  require(revoked == status.revoked_at.has_value(), "what is revoked is so since some moment");
}

// What is accepted, and signed, is signed by OpenSSL's verdict too, which finds the same entries.
void check_crl(const RevocationData& data) {
  const unsigned char* at = data.der().data();
  const CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(data.der().size())));
  if (!data.is_signed_by(*parties().ca, *parties().ca)) return;
  require(crl != nullptr, "OpenSSL reads a CRL that is signed");
  require(X509_CRL_verify(crl.get(), X509_get0_pubkey(parties().ca->x509())) == 1,
          "a signature is one by OpenSSL's verdict");
  const auto status = data.status_of(*parties().seal, *parties().ca);
  X509_REVOKED* entry = nullptr;
  if (status && status->kind == RevocationStatus::Kind::good)
    require(X509_CRL_get0_by_cert(crl.get(), &entry, parties().seal->x509()) != 1,
            "what is good is not in the list");
}

void check(const Result<RevocationDataPtr, std::string>& parsed) {
  if (!parsed) return check_text(parsed.error());
  const RevocationData& data = *parsed.value();
  check_text(text_of(data.name(), validation::Language::english));
  for (const CertificatePtr& one : {parties().seal, parties().responder})
    if (const auto status = data.status_of(*one, *parties().ca)) check_status(*status);
  for (const CertificatePtr& signer : {parties().ca, parties().responder})
    (void)data.is_signed_by(*signer, *parties().ca);
  if (data.kind() == validation::RevocationKind::crl) check_crl(data);
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const Bytes bytes(data, data + size);
  fuzz::check(validation::RevocationData::parse_crl(bytes));
  fuzz::check(validation::RevocationData::parse_ocsp(bytes));
  return 0;
}
