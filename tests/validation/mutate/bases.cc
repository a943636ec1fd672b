#include "tests/validation/mutate/bases.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>
#include <utility>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "crypto/der.h"
#include "pdf/source.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/reading.h"
#include "validation/testing/message_edits.h"
#include "validation/testing/sealed_pdf.h"
#include "validation/testing/test_revocation.h"
#include "validation/validator.h"

namespace signet::tests {

namespace pki = validation::pki;
using pki::at;

namespace {

constexpr const char* kStamped = "2015-01-01";
constexpr const char* kDataFrom = "2015-12-30";
constexpr const char* kArchived = "2016-01-01";
constexpr const char* kDataTo = "2016-01-06";
constexpr const char* kNow = "2019-06-01";
constexpr const char* kAdobeRevocation = "1.2.840.113583.1.1.8";
constexpr int kFirstFree = 40;  // above all objects of these documents

// The signer of long-term documents and the first time-stamp's have ended by kNow.
struct World {
  pki::Party ca = pki::root(pki::authority("CA"));
  pki::Party tsa = pki::root(pki::authority("TSA"));
  pki::Party signer = issued(ca, pki::signer("Seal"), "2040-01-01");
  pki::Party ended = issued(ca, rsa(pki::signer("Ended seal")), "2017-01-01");
  pki::Party first = issued(tsa, pki::time_stamper("First TSU"), "2017-06-01");
  pki::Party second = issued(tsa, rsa(pki::time_stamper("Second TSU")), "2040-01-01");
  pki::Party responder = issued(ca, pki::responder("Responder"), "2040-01-01");

  static pki::Party issued(const pki::Party& by, pki::CertificateWish wish, const char* to) {
    wish.not_before = at("2013-01-01");
    wish.not_after = at(to);
    return pki::issue(by, wish);
  }
  static pki::CertificateWish rsa(pki::CertificateWish wish) {
    wish.key = pki::KeyKind::rsa2048;
    return wish;
  }
  static Bytes crl(const pki::Party& by, const char* from, const char* to) {
    pki::CrlWish wish;
    wish.this_update = at(from);
    wish.next_update = at(to);
    return pki::crl(by, wish);
  }
};
const World& world() {
  static const World one;
  return one;
}

Bytes token(const pki::Party& by, const char* time, ByteView stamped) {
  pki::TokenWish wish;
  wish.time = at(time);
  wish.stamped = copy_of(stamped);
  return pki::token(by, wish);
}

Bytes stamped(ByteView message, const pki::Party& by) {
  return pki::with_attribute(message, cms::kSignatureTimeStamp,
                             token(by, kStamped, pki::signature_in(message)));
}

pki::MessageWish long_term() {
  pki::MessageWish wish;
  wish.content = document();
  wish.signing_time = at("2014-12-31");
  wish.certificates = {world().ca.der(), world().tsa.der()};
  wish.revocations = {World::crl(world().ca, kDataFrom, kDataTo),
                      World::crl(world().tsa, kDataFrom, kDataTo)};
  return wish;
}

// RevocationInfoArchival in the signed attributes, as Acrobat writes it.
Bytes adobe_revocation() {
  const Bytes crls = der::encode_sequence({World::crl(world().ca, "2014-12-30", "2015-01-06")});
  return pki::attribute(kAdobeRevocation,
                        der::encode_sequence({der::encode(der::kContext0, crls)}));
}

Bytes two_signers() {
  pki::MessageWish wish;
  wish.content = document();
  const auto read = [&](const pki::Party& by) {
    const Bytes message = pki::message(by, wish);
    return cms::read_signed_data(cms::Source::of(message)).value().parts;
  };
  cms::SignedData both = read(world().signer);
  const cms::SignedData other = read(World::issued(world().ca, pki::signer("Other"), "2040-01-01"));
  both.signers.push_back(other.signers[0]);
  for (const Bytes& one : other.certificates) both.add_certificate(one);
  return both.detached();
}

void add_messages(std::vector<Base>& all) {
  const World& w = world();
  pki::MessageWish wish;
  wish.content = document();
  all.push_back({"cades-b", pki::message(w.signer, wish), {}, true});
  wish.detached = false;
  all.push_back({"cades-b-internal", pki::message(w.signer, wish), {}, false});
  wish.signed_attributes = false;
  all.push_back({"cms-without-attributes", pki::message(w.signer, wish), {}, false});
  wish = long_term();
  wish.more_signed = {adobe_revocation()};
  all.push_back({"cades-t", stamped(pki::message(w.signer, wish), w.second), {}, true});
  wish = long_term();
  pki::OcspWish answer;
  answer.answers = {pki::good(w.ended, w.ca, at(kDataFrom), at(kDataTo))};
  wish.revocations.push_back(pki::other_revocation(pki::basic_ocsp(w.responder, answer)));
  const Bytes lt = stamped(pki::message(w.ended, wish), w.first);
  const Bytes lta = pki::archived(lt, w.second, kArchived, document());
  all.push_back({"cades-lta", lta, {}, true});
  all.push_back(
      {"cades-lta-twice", pki::archived(lta, w.second, "2018-01-01", document()), {}, true});
  all.push_back({"cades-two-signers", two_signers(), {}, true});
  all.push_back({"token", token(w.second, kStamped, document()), {}, true});
}

// `sub_filter`: as long as ETSI.CAdES.detached.
Bytes in_other_form(const std::string& sealed, const std::string& sub_filter, bool sha1) {
  std::string bytes = pdf::replaced(sealed, "ETSI.CAdES.detached", sub_filter);
  const Gap gap = gaps_in(view_of(bytes)).back();
  const std::string covered =
      bytes.substr(0, gap.begin) + bytes.substr(gap.end, gap.covered - gap.end);
  pki::MessageWish wish;
  wish.certificate_reference = false;
  wish.content = copy_of(view_of(covered));
  if (sha1) {
    wish.content = pki::digest(crypto::Hash::sha1, view_of(covered));
    wish.detached = false;
  }
  std::string hex = to_hex(pki::message(world().signer, wish));
  hex.resize(gap.end - gap.begin - 2, '0');
  bytes.replace(gap.begin + 1, hex.size(), hex);
  return copy_of(view_of(bytes));
}

void add_pdf(std::vector<Base>& all, const std::string& name, const Bytes& bytes) {
  all.push_back({name, bytes, gaps_in(bytes), false});
}

void add_pdfs(std::vector<Base>& all) {
  const World& w = world();
  const auto wish = pki::plain_pdf_wish();
  pdf::MadeDocument made;
  const std::string plain = made.make();
  made.form = pdf::MadeDocument::Form::stream;
  const std::string with_streams = made.make();
  const std::string b = pki::sealed_pdf(plain, w.signer, {});
  add_pdf(all, "pades-b", copy_of(view_of(b)));
  add_pdf(all, "pades-b-twice", copy_of(view_of(pki::sealed_pdf(b, w.signer, {}))));
  add_pdf(all, "pades-b-streams", copy_of(view_of(pki::sealed_pdf(with_streams, w.signer, {}))));
  add_pdf(all, "pkcs7", in_other_form(b, "adbe.pkcs7.detached", false));
  const auto stamp_by = [](const pki::Party& by) {
    return [&by](const Bytes& message, const Bytes&) { return stamped(message, by); };
  };
  add_pdf(all, "pades-t",
          copy_of(view_of(pki::sealed_pdf(plain, w.signer, {}, wish, {}, stamp_by(w.second)))));
  const std::string t = pki::sealed_pdf(plain, w.ended, {}, wish, {}, stamp_by(w.first));
  pki::DssWish dss;
  dss.certificates = {w.ca.der(), w.tsa.der(), w.ended.der(), w.first.der()};
  dss.crls = {World::crl(w.ca, kDataFrom, kDataTo), World::crl(w.tsa, kDataFrom, kDataTo)};
  pki::TokenWish archive;
  archive.time = at(kArchived);
  const std::string lta = pki::stamped_pdf(pki::with_dss(t, dss, kFirstFree), w.second, archive);
  add_pdf(all, "pades-lta", copy_of(view_of(lta)));
  archive.time = at("2018-01-01");
  add_pdf(all, "pades-lta-twice", copy_of(view_of(pki::stamped_pdf(lta, w.second, archive))));
}

validation::Policy policy() {
  validation::Policy policy;
  policy.anchors = {{world().ca.certificate, {}}, {world().tsa.certificate, {}}};
  policy.at = policy.now = at(kNow);
  policy.suite =
      std::make_shared<crypto::Suite>(crypto::Suite::shipped(crypto::kDefaultSuite).value());
  return policy;
}

void add_fresh_data(validation::Evidence& evidence) {
  for (const pki::Party* authority : {&world().ca, &world().tsa}) {
    static std::map<const pki::Party*, validation::RevocationDataPtr> made;
    validation::RevocationDataPtr& one = made[authority];
    if (!one)
      one =
          validation::RevocationData::parse_crl(World::crl(*authority, "2019-05-31", "2019-06-07"))
              .value();
    evidence.add(one, validation::Origin::file);
  }
}

std::size_t number_behind(std::string_view text, std::size_t& at) {
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) == 0) ++at;
  std::size_t number = 0;
  for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0; ++at)
    number = number * 10 + static_cast<std::size_t>(text[at] - '0');
  return number;
}

}  // namespace

const Bytes& document() {
  static const Bytes one = copy_of(view_of("The document that was signed.\n"));
  return one;
}

std::vector<Gap> gaps_in(ByteView pdf) {
  constexpr std::string_view key = "/ByteRange";
  const std::string_view text = text_of(pdf);
  std::vector<Gap> gaps;
  for (std::size_t found = text.find(key); found != std::string_view::npos;
       found = text.find(key, found + 1)) {
    std::size_t place = found + key.size();
    number_behind(text, place);
    Gap gap;
    gap.begin = number_behind(text, place);
    gap.end = number_behind(text, place);
    gap.covered = gap.end + number_behind(text, place);
    gaps.push_back(gap);
  }
  return gaps;
}

const std::vector<Base>& bases() {
  static const std::vector<Base> all = [] {
    std::vector<Base> made;
    add_messages(made);
    add_pdfs(made);
    return made;
  }();
  return all;
}

bool judge(const Base& base, ByteView bytes, ByteView external_document, Judged& judged) {
  const auto read = [&] {
    if (!base.gaps.empty()) return validation::read_pdf(pdf::Source::of(bytes), {});
    const cms::Source content = cms::Source::of(external_document);
    return validation::read_message(cms::Source::of(bytes), base.external ? &content : nullptr);
  };
  auto parts = read();
  if (!parts) return false;
  judged.parts = std::move(parts.value());
  add_fresh_data(judged.parts.evidence);
  static const validation::Policy rules = policy();
  judged.result = validation::validate(judged.parts, rules);
  return true;
}

}  // namespace signet::tests
