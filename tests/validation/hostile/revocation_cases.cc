// Revocation data of the size that authorities publish, and beyond.
#include <chrono>

#include "crypto/cms/reader.h"
#include "tests/validation/hostile/case.h"

namespace signet::tests {

namespace {

constexpr std::size_t kMillion = 1'000'000;

std::vector<std::string> without_leave(std::vector<std::string> arguments) {
  std::erase(arguments, "--without-revocation");
  return arguments;
}

// In the message or (`beside`) in a file. `revoked`: the last entry is the signer's.
std::vector<std::string> with_crl(const CaseFolder& folder, std::size_t entries, bool beside,
                                  bool revoked) {
  const pki::Party signer = signer_below(hostile_root());
  pki::CrlWish list;
  if (revoked) list.entries = {pki::entry_of(*signer.certificate, pki::at("2015-06-01"), 1)};
  const Bytes crl = pki::large_crl(hostile_root(), list, entries);
  pki::MessageWish wish;
  wish.content = signed_document();
  if (!beside) wish.revocations = {crl};
  std::vector<std::string> arguments =
      without_leave(folder.message(pki::message(signer, wish), hostile_root()));
  if (beside) arguments.insert(arguments.end(), {"--crl", folder.put("large.crl", crl)});
  return arguments;
}

// Each signer has a certificate of its own, which is looked up in the list.
std::vector<std::string> many_signers_with_crl(const CaseFolder& folder, int signers,
                                               const Bytes& crl) {
  const auto parts_of = [](const Bytes& message) {
    return cms::read_signed_data(cms::Source::of(message)).value().parts;
  };
  cms::SignedData all = parts_of(message_with(signer_below(hostile_root()), {}));
  for (int i = 1; i < signers; ++i) {
    const cms::SignedData one = parts_of(message_with(signer_below(hostile_root()), {}));
    all.signers.push_back(one.signers.front());
    for (const Bytes& certificate : one.certificates) all.add_certificate(certificate);
  }
  std::vector<std::string> arguments =
      without_leave(folder.message(all.detached(), hostile_root()));
  arguments.insert(arguments.end(), {"--crl", folder.put("large.crl", crl)});
  return arguments;
}

// Serial numbers that begin alike; each `repeated` times, from a hold to the earliest revocation.
Bytes crl_of_similar(std::size_t serials, std::size_t repeated) {
  pki::CrlWish list;
  for (std::size_t i = 0; i < serials * repeated; ++i) {
    pki::CrlEntry entry;
    entry.serial.assign(12, 0x11);
    for (std::size_t byte = 0; byte < 4; ++byte)
      entry.serial.push_back(static_cast<std::uint8_t>((i % serials) >> (8 * byte)));
    entry.reason = i < serials ? 6 : 1;
    entry.revoked_at = pki::at("2015-06-01") - std::chrono::seconds(i);
    list.entries.push_back(std::move(entry));
  }
  return pki::crl(hostile_root(), list);
}

std::vector<std::string> with_answers(const CaseFolder& folder, std::size_t others) {
  const pki::Party signer = signer_below(hostile_root());
  const pki::Party other = signer_below(hostile_root());
  pki::OcspWish answer;
  const pki::OcspSingle about_other =
      pki::good(other, hostile_root(), pki::at("2016-01-01"), pki::at("2016-01-08"));
  answer.answers.assign(others, about_other);
  answer.answers.push_back(about_other);
  answer.answers.back().certificate = signer.certificate;
  pki::MessageWish wish;
  wish.content = signed_document();
  wish.revocations = {pki::other_revocation(pki::basic_ocsp(hostile_root(), answer))};
  return without_leave(folder.message(pki::message(signer, wish), hostile_root()));
}

// About the signer all of them, whose issuer's name has nearly 1 MiB; signed by nobody.
std::vector<std::string> answers_by_large_name(const CaseFolder& folder, int answers,
                                               std::size_t each) {
  pki::CertificateWish authority = pki::authority("Large");
  authority.subject = pki::name(std::string(1'000'000, 'n'));
  const pki::Party ca = pki::issue(hostile_root(), authority);
  const pki::Party signer = signer_below(ca);
  pki::OcspWish answer;
  answer.answers.assign(each, pki::good(signer, ca, pki::at("2016-01-01"), pki::at("2016-01-08")));
  for (pki::OcspSingle& one : answer.answers) one.id_hash = crypto::Hash::sha3_512;
  pki::MessageWish wish;
  wish.content = signed_document();
  wish.certificates = {ca.der()};
  for (int i = 0; i < answers; ++i) {
    answer.produced_at = pki::at("2016-01-01") + std::chrono::seconds(i);
    wish.revocations.push_back(pki::other_revocation(pki::basic_ocsp(hostile_root(), answer)));
  }
  return without_leave(folder.message(pki::message(signer, wish), hostile_root()));
}

std::vector<std::string> many_lists(const CaseFolder& folder, int lists) {
  const pki::Party signer = signer_below(hostile_root());
  pki::MessageWish wish;
  wish.content = signed_document();
  for (int i = 0; i < lists; ++i) {
    pki::CrlWish list;
    list.this_update = pki::at("2016-01-01") + std::chrono::seconds(i);
    list.next_update = pki::at("2016-01-08");
    wish.revocations.push_back(pki::crl(hostile_root(), list));
  }
  return without_leave(folder.message(pki::message(signer, wish), hostile_root()));
}

}  // namespace

std::vector<HostileCase> revocation_cases() {
  using Folder = const CaseFolder&;
  return {
      {"a CRL with a million entries", kPassed, false,
       [](Folder f) { return with_crl(f, kMillion, true, false); }},
      {"a CRL of 30 MB in the message", kPassed, true,
       [](Folder f) { return with_crl(f, 800'000, false, false); }},
      {"a CRL with a million entries in a file, the last of which is the signer's", kIndeterminate,
       false, [](Folder f) { return with_crl(f, kMillion, true, true); }},
      {"a CRL of 50 MB", kPassed, true,
       [](Folder f) { return with_crl(f, 1'400'000, true, false); }},
      {"1,000 signers and a CRL with a million entries", kPassed, true,
       [](Folder f) {
         return many_signers_with_crl(f, 1000, pki::large_crl(hostile_root(), {}, kMillion));
       }},
      {"a CRL with a million entries whose serial numbers begin alike", kPassed, true,
       [](Folder f) { return many_signers_with_crl(f, 100, crl_of_similar(kMillion, 1)); }},
      {"a CRL with a million entries of one serial number", kPassed, true,
       [](Folder f) { return many_signers_with_crl(f, 100, crl_of_similar(1, kMillion)); }},
      {"an OCSP answer about 50,000 certificates", kPassed, true,
       [](Folder f) { return with_answers(f, 50'000); }},
      {"an OCSP answer about 100,000 certificates", kIndeterminate, true,
       [](Folder f) { return with_answers(f, 100'000); }},
      {"an OCSP answer with 65,536 CertIDs of an issuer whose name has 1 MB", kIndeterminate, true,
       [](Folder f) { return answers_by_large_name(f, 1, 65'536); }},
      {"1,000 OCSP answers of an issuer whose name has 1 MB", kIndeterminate, true,
       [](Folder f) { return answers_by_large_name(f, 1000, 1); }},
      {"5,000 CRLs", kPassed, true, [](Folder f) { return many_lists(f, 5000); }},
  };
}

}  // namespace signet::tests
