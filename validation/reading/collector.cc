#include "validation/reading/collector.h"

#include <string>
#include <utility>

#include "common/printable.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::validation {

namespace {

using der::Reader;

constexpr std::size_t kMostParsed = 8192;
constexpr std::size_t kMostRemarks = 64;
constexpr std::size_t kMostCounterSignatures = 1024;
constexpr const char* kOcspInMessage = "1.3.6.1.5.5.7.16.2";
constexpr const char* kBasicOcsp = "1.3.6.1.5.5.7.48.1.1";

constexpr Sentence kUnreadable{
    "a certificate, CRL or OCSP answer in the document cannot be read: {0}",
    "certifikát, seznam zneplatněných certifikátů (CRL) nebo odpověď OCSP v dokumentu nelze "
    "přečíst: {0}"};
constexpr Sentence kFull{
    "the document holds more certificates and revocation data than can be used; the rest was left "
    "out",
    "dokument obsahuje více certifikátů a údajů o zneplatnění, než lze použít; zbytek byl "
    "vynechán"};

}  // namespace

bool Collector::take_counter_signature() {
  return counter_signatures_++ < kMostCounterSignatures;
}

void Collector::remark(Statement statement) {
  if (remarks_ >= kMostRemarks) return;
  ++remarks_;
  parts_.remarks.push_back(std::move(statement));
}

void Collector::cannot_read(std::string_view reason) {
  remark(say(kUnreadable, printable(reason)));
}

bool Collector::may_parse() {
  if (certificates_.size() + revocations_.size() < kMostParsed) return true;
  if (!std::exchange(told_many_, true)) remark(say(kFull));
  return false;
}

bool Collector::known(const ObjectId& id, Origin origin, Objects& objects) {
  if (const auto found = certificates_.find(id); found != certificates_.end()) {
    if (!found->second) return true;
    parts_.evidence.add(found->second, origin);
    objects.insert(id);
    return true;
  }
  if (const auto found = revocations_.find(id); found != revocations_.end()) {
    if (found->second) take(found->second, id, origin, objects);
    return true;
  }
  return false;
}

void Collector::certificate(ByteView der, Origin origin, Objects& objects) {
  const ObjectId id = ObjectId::of(der);
  if (known(id, origin, objects) || !may_parse()) return;
  auto parsed = Certificate::parse(der);
  certificates_[id] = parsed ? parsed.value() : nullptr;
  if (!parsed) return cannot_read(parsed.error());
  objects.insert(id);
  if (!parts_.evidence.add(parsed.value(), origin) && !std::exchange(told_full_, true))
    remark(say(kFull));
}

void Collector::take(const RevocationDataPtr& data, const ObjectId& bytes, Origin origin,
                     Objects& objects) {
  revocations_[bytes] = data;
  objects.insert(data->id());
  for (const CertificatePtr& one : data->certificates()) objects.insert(one->id());
  if (!parts_.evidence.add(data, origin) && !std::exchange(told_full_, true)) remark(say(kFull));
}

void Collector::crl(ByteView der, Origin origin, Objects& objects) {
  const ObjectId id = ObjectId::of(der);
  if (known(id, origin, objects) || !may_parse()) return;
  auto parsed = RevocationData::parse_crl(copy_of(der));
  if (parsed) return take(parsed.value(), id, origin, objects);
  revocations_[id] = nullptr;
  cannot_read(parsed.error());
}

void Collector::ocsp(ByteView der, Origin origin, Objects& objects) {
  const ObjectId id = ObjectId::of(der);
  if (known(id, origin, objects) || !may_parse()) return;
  auto parsed = RevocationData::parse_ocsp(copy_of(der));
  if (parsed) return take(parsed.value(), id, origin, objects);
  revocations_[id] = nullptr;
  cannot_read(parsed.error());
}

void Collector::certificate_choice(ByteView der, Origin origin, Objects& objects) {
  // Attribute certificates and the like are nobody's chain.
  if (!der.empty() && der[0] == der::kSequence) certificate(der, origin, objects);
}

void Collector::revocation_choice(ByteView der, Origin origin, Objects& objects) {
  if (!der.empty() && der[0] == der::kSequence) return crl(der, origin, objects);
  const auto other = der::only(der::kContext1, der);
  if (!other) return;
  Reader reader(*other);
  const auto format = reader.read_whole(der::kObjectIdentifier);
  const auto value = reader.read_any();
  if (!format || !value) return;
  if (equal(*format, cms::encode_oid(kOcspInMessage)) ||
      equal(*format, cms::encode_oid(kBasicOcsp)))
    ocsp(*value, origin, objects);
}

void Collector::certificate_values(ByteView der, Origin origin, Objects& objects) {
  Reader reader(der::only(der::kSequence, der).value_or(ByteView()));
  while (const auto one = reader.read_any()) certificate_choice(*one, origin, objects);
}

void Collector::revocation_values(ByteView der, Origin origin, Objects& objects) {
  Reader reader(der::only(der::kSequence, der).value_or(ByteView()));
  const auto list_in = [&reader](std::uint8_t tag) {
    return Reader(
        der::only(der::kSequence, reader.read(tag).value_or(ByteView())).value_or(ByteView()));
  };
  Reader crls = list_in(der::kContext0);
  while (const auto one = crls.read_any()) crl(*one, origin, objects);
  Reader answers = list_in(der::kContext1);
  while (const auto one = answers.read_any()) ocsp(*one, origin, objects);
}

}  // namespace signet::validation
