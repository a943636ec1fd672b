// Messages with too much of everything, and lengths, numbers and nesting beyond sense.
#include <fmt/format.h>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "crypto/der.h"
#include "tests/validation/hostile/case.h"
#include "validation/testing/message_edits.h"

namespace signet::tests {

namespace {

cms::SignedData parts_of(ByteView message) {
  return cms::read_signed_data(cms::Source::of(message)).value().parts;
}

std::vector<std::string> many_signers(const CaseFolder& folder, std::size_t signers) {
  cms::SignedData parts = parts_of(message_with(signer_below(hostile_root()), {}));
  const Bytes one = parts.signers.front();
  parts.signers.assign(signers, one);
  return folder.message(parts.detached(), hostile_root());
}

// Signature time-stamps, each of another serial number.
std::vector<std::string> many_stamps(const CaseFolder& folder, int stamps) {
  const pki::Party unit = pki::issue(hostile_root(), pki::time_stamper("TSU"));
  const Bytes message = message_with(signer_below(hostile_root()), {});
  pki::TokenWish wish;
  wish.time = pki::at("2016-01-02");
  wish.stamped = pki::signature_in(message);
  Bytes values;
  for (int i = 0; i < stamps; ++i) {
    wish.serial = i + 1;
    der::append(values, pki::token(unit, wish));
  }
  // One attribute with all of them: an attribute each would be read no differently.
  return folder.message(pki::with_attribute(message, cms::kSignatureTimeStamp, values),
                        hostile_root());
}

// From the inside out, so that it takes one pass.
Bytes nested(std::size_t depth, bool indefinite) {
  Bytes all;
  if (indefinite) {
    for (std::size_t i = 0; i < depth; ++i) all.insert(all.end(), {0x30, 0x80});
    return all;
  }
  Bytes headers;
  std::size_t size = 0;
  for (std::size_t i = 0; i < depth; ++i) {
    const Bytes header = {0x30, 0x83, static_cast<std::uint8_t>(size >> 16U),
                          static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
    headers.insert(headers.end(), header.rbegin(), header.rend());
    size += header.size();
  }
  return {headers.rbegin(), headers.rend()};
}

std::vector<std::string> with_signed(const CaseFolder& folder, const Bytes& attribute) {
  pki::MessageWish wish;
  wish.content = signed_document();
  wish.more_signed = {attribute};
  return folder.message(pki::message(signer_below(hostile_root()), wish), hostile_root());
}

Bytes long_oid(std::size_t size) {
  Bytes content(size, 0x81);
  content.front() = 0x2A;
  content.back() = 0x01;
  return der::encode(der::kObjectIdentifier, content);
}

std::vector<std::string> many_attributes(const CaseFolder& folder, int count) {
  pki::MessageWish wish;
  wish.content = signed_document();
  for (int i = 0; i < count; ++i)
    wish.more_signed.push_back(
        pki::attribute(fmt::format("1.3.6.1.4.1.32473.8.{}", i), pki::integer(i)));
  return folder.message(pki::message(signer_below(hostile_root()), wish), hostile_root());
}

// A ContentInfo of signed data that goes on without an end.
Bytes endless(std::size_t depth) {
  Bytes all{0x30, 0x80};
  der::append(all, pki::oid("1.2.840.113549.1.7.2"));
  all.insert(all.end(), {0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0x31, 0x80});
  der::append(all, nested(depth, true));
  return all;
}

}  // namespace

std::vector<HostileCase> message_cases() {
  using Folder = const CaseFolder&;
  static const Bytes null{der::kNull, 0};
  return {
      {"1,000 signers", kPassed, true, [](Folder f) { return many_signers(f, 1000); }},
      {"10,000 signers", kFailed, true, [](Folder f) { return many_signers(f, 10'000); }},
      {"10,000 time-stamps", kPassed, true, [](Folder f) { return many_stamps(f, 10'000); }},
      {"500 time-stamps", kPassed, false, [](Folder f) { return many_stamps(f, 500); }},
      {"20,000 signed attributes", kPassed, false,
       [](Folder f) { return many_attributes(f, 20'000); }},
      {"a signed attribute nested 1,000,000 deep", kPassed, false,
       [](Folder f) {
         return with_signed(f, pki::attribute("1.3.6.1.4.1.32473.7", nested(1'000'000, false)));
       }},
      {"an attribute's type of 1 MB", kPassed, false,
       [](Folder f) {
         return with_signed(
             f, der::encode_sequence({long_oid(1'000'000), der::encode(der::kSet, null)}));
       }},
      {"indefinite lengths without an end", kUnusable, false,
       [](Folder f) { return f.message(endless(2'000'000), hostile_root()); }},
      {"lengths of 2 to the 63", kUnusable, false,
       [](Folder f) {
         Bytes all{0x30, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
         der::append(all, pki::oid("1.2.840.113549.1.7.2"));
         return f.message(all, hostile_root());
       }},
      {"a serial number of 1 MB", kIndeterminate, false,
       [](Folder f) {
         pki::Party signer = signer_below(hostile_root());
         cms::SignedData parts = parts_of(message_with(signer, {}));
         const Bytes number = der::encode(der::kInteger, Bytes(1'000'000, 0x01));
         const Bytes id = der::encode_sequence({signer.certificate->issuer(), number});
         der::Reader fields(*der::only(der::kSequence, parts.signers[0]));
         std::vector<Bytes> all = {copy_of(*fields.read_any()), id};
         (void)fields.read_any();
         while (const auto more = fields.read_any()) all.push_back(copy_of(*more));
         parts.signers[0] = der::encode_sequence(all);
         return f.message(parts.detached(), hostile_root());
       }},
  };
}

}  // namespace signet::tests
