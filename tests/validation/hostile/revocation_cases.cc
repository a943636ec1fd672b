// Revocation data of the size that authorities publish, and beyond.
#include <chrono>

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
      {"an OCSP answer about 50,000 certificates", kPassed, true,
       [](Folder f) { return with_answers(f, 50'000); }},
      {"an OCSP answer about 100,000 certificates", kIndeterminate, true,
       [](Folder f) { return with_answers(f, 100'000); }},
      {"5,000 CRLs", kPassed, true, [](Folder f) { return many_lists(f, 5000); }},
  };
}

}  // namespace signet::tests
