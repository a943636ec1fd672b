// Keys that are slow to compute with, or hard to read.
#include <fmt/format.h>

#include "crypto/der.h"
#include "tests/validation/hostile/case.h"

namespace signet::tests {

namespace {

constexpr std::uint8_t kBits = 0x03;
constexpr const char* kRsa = "1.2.840.113549.1.1.11";
constexpr const char* kEcdsa = "1.2.840.10045.4.3.2";

// An odd number of that many bits, with the highest one.
Bytes odd_number(std::size_t bits) {
  Bytes content(bits / 8 + 1, 0x5A);
  content.front() = 0;
  content[1] = 0xC3;
  content.back() = 0x01;
  return der::encode(der::kInteger, content);
}

Bytes public_key(const Bytes& algorithm, ByteView key) {
  Bytes bits{0};
  der::append(bits, key);
  return der::encode_sequence({algorithm, der::encode(kBits, bits)});
}

Bytes rsa_key(std::size_t modulus_bits, const Bytes& exponent) {
  static const Bytes null{der::kNull, 0};
  return public_key(der::encode_sequence({pki::oid("1.2.840.113549.1.1.1"), null}),
                    der::encode_sequence({odd_number(modulus_bits), exponent}));
}

// ECParameters by hand (RFC 3279, 2.3.5), over a prime field of that many bits.
Bytes explicit_curve_key(std::size_t field_bits) {
  const auto field = [&](std::uint8_t filling) {
    return der::encode(der::kOctetString, Bytes(field_bits / 8, filling));
  };
  const Bytes prime = der::encode_sequence({pki::oid("1.2.840.10045.1.1"), odd_number(field_bits)});
  Bytes point(1 + 2 * (field_bits / 8), 0x11);
  point.front() = 0x04;
  const Bytes parameters = der::encode_sequence(
      {pki::integer(1), prime, der::encode_sequence({field(0x01), field(0x02)}),
       der::encode(der::kOctetString, point), odd_number(field_bits), pki::integer(1)});
  return public_key(der::encode_sequence({pki::oid("1.2.840.10045.2.1"), parameters}), point);
}

// A certificate of this key, said to be the signer's and its issuer's alike; nothing of it is signed.
std::vector<std::string> signed_by(const CaseFolder& folder, const Bytes& key,
                                   const std::string& algorithm, std::size_t signature_bytes,
                                   int issuers) {
  static const Bytes null{der::kNull, 0};
  const Bytes identifier = der::encode_sequence({pki::oid(algorithm), null});
  const auto certificate = [&](const std::string& subject, const std::string& issuer, int serial) {
    const Bytes version = der::encode(der::kContext0, pki::integer(2));
    const Bytes body = der::encode_sequence(
        {version, pki::integer(serial), identifier, pki::name(issuer),
         der::encode_sequence({pki::time(pki::at("2010-01-01")), pki::time(pki::at("2040-01-01"))}),
         pki::name(subject), key,
         der::encode(0xA3, pki::encode(std::vector{pki::basic_constraints(true),
                                                   pki::key_usage({0, 1, 5})}))});
    Bytes value(signature_bytes + 1, 0x22);
    value.front() = 0;
    return der::encode_sequence({body, identifier, der::encode(kBits, value)});
  };
  pki::MessageWish wish;
  wish.content = signed_document();
  wish.certificate_reference = false;
  wish.with_certificate = false;
  const Bytes own = certificate("Seal", "Slow", 1);
  wish.certificates = {own};
  for (int i = 0; i < issuers; ++i) wish.certificates.push_back(certificate("Slow", "Slow", 2 + i));
  const auto parsed = validation::Certificate::parse(own);
  // Where the certificate itself cannot be read, nothing has that name.
  pki::Party party = signer_below(hostile_root());
  if (parsed) party.certificate = parsed.value();
  party.key = &pki::key(algorithm == kRsa ? pki::KeyKind::rsa2048 : pki::KeyKind::p256, "Slow");
  return folder.message(pki::message(party, wish), hostile_root());
}

}  // namespace

std::vector<HostileCase> key_cases() {
  using Folder = const CaseFolder&;
  const Bytes usual = pki::integer(65537);
  std::vector<HostileCase> cases;
  const auto add = [&](const std::string& name, const Bytes& key, const char* algorithm,
                       std::size_t bytes, int issuers, int status) {
    cases.push_back({name, status, issuers > 1,
                     [=](Folder f) { return signed_by(f, key, algorithm, bytes, issuers); }});
  };
  add("an RSA key of 16,384 bits", rsa_key(16384, usual), kRsa, 2048, 1, kFailed);
  add("an RSA key of 16,384 bits with an exponent as long", rsa_key(16384, odd_number(16384)), kRsa,
      2048, 1, kFailed);
  add("an RSA key of 100,000 bits", rsa_key(100'000, usual), kRsa, 12'500, 1, kIndeterminate);
  add("an exponent of 4,096 bits", rsa_key(4096, odd_number(4096)), kRsa, 512, 1, kFailed);
  add("500 issuers with keys of 16,384 bits", rsa_key(16384, usual), kRsa, 2048, 500, kFailed);
  add("a curve of 256 bits by its parameters", explicit_curve_key(256), kEcdsa, 70, 1,
      kIndeterminate);
  add("a curve of 60,000 bits by its parameters", explicit_curve_key(60'000), kEcdsa, 70, 1,
      kIndeterminate);
  return cases;
}

}  // namespace signet::tests
