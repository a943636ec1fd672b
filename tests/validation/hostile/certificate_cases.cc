// Chains: long ones, cycles, meshes, names and policies that multiply.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "crypto/cms/reader.h"
#include "crypto/der.h"
#include "tests/validation/hostile/case.h"

namespace signet::tests {

namespace {

constexpr std::uint8_t kDnsName = 0x82;

pki::Party authority_below(const pki::Party& issuer, const std::string& name,
                           std::vector<pki::Extension> more = {}) {
  pki::CertificateWish wish = pki::authority(name);
  for (pki::Extension& one : more) wish.extensions.push_back(std::move(one));
  return pki::issue(issuer, wish);
}

std::vector<std::string> chain_of(const CaseFolder& folder, int length) {
  std::vector<Bytes> certificates;
  pki::Party last = hostile_root();
  for (int i = 0; i < length; ++i) {
    pki::CertificateWish wish = pki::authority(fmt::format("CA {}", i));
    wish.key_name = fmt::format("chain {}", i % 8);
    last = pki::issue(last, wish);
    certificates.push_back(last.der());
  }
  return folder.message(message_with(signer_below(last), certificates), hostile_root());
}

// Each authority has a certificate of each other one. `anchored`: the root made one for the first.
std::vector<std::string> mesh_of(const CaseFolder& folder, int authorities, bool anchored) {
  const auto name = [](int i) { return fmt::format("Mesh {}", i); };
  std::vector<pki::Party> own;
  for (int i = 0; i < authorities; ++i) own.push_back(pki::root(pki::authority(name(i))));
  std::vector<Bytes> certificates;
  for (int by = 0; by < authorities; ++by)
    for (int to = 0; to < authorities; ++to)
      if (by != to)
        certificates.push_back(authority_below(own[static_cast<std::size_t>(by)], name(to)).der());
  if (anchored) certificates.push_back(authority_below(hostile_root(), name(1)).der());
  return folder.message(message_with(signer_below(own[0]), certificates), hostile_root());
}

Bytes names_below(const std::string& prefix, int count, bool subtrees) {
  Bytes all;
  for (int i = 0; i < count; ++i) {
    const Bytes name = der::encode(kDnsName, view_of(fmt::format("{}{}.example", prefix, i)));
    der::append(all, subtrees ? der::encode_sequence({name}) : name);
  }
  return all;
}

std::vector<std::string> names_by_constraints(const CaseFolder& folder, int count) {
  Bytes content = der::encode(der::kContext0, names_below("a", count, true));
  der::append(content, der::encode(der::kContext1, names_below("b", count, true)));
  const pki::Party ca = authority_below(
      hostile_root(), "Constrained", {{"2.5.29.30", der::encode(der::kSequence, content), true}});
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(
      {"2.5.29.17", der::encode(der::kSequence, names_below("host.a", count, false)), false});
  return folder.message(message_with(pki::issue(ca, wish), {ca.der()}), hostile_root());
}

// Each authority maps each policy to each: a tree of count ^ depth nodes where it is built naively.
std::vector<std::string> policies(const CaseFolder& folder, int depth, int count) {
  std::vector<std::string> oids;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < count; ++i) oids.push_back(fmt::format("1.3.6.1.4.1.32473.9.{}", i));
  for (const std::string& from : oids)
    for (const std::string& to : oids) pairs.emplace_back(from, to);
  std::vector<Bytes> certificates;
  pki::Party last = hostile_root();
  for (int i = 0; i < depth; ++i) {
    last = authority_below(last, fmt::format("Policies {}", i),
                           {pki::certificate_policies(oids), pki::policy_mappings(pairs),
                            pki::require_explicit_policy(0)});
    certificates.push_back(last.der());
  }
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(pki::certificate_policies(oids));
  return folder.message(message_with(pki::issue(last, wish), certificates), hostile_root());
}

std::vector<std::string> many_certificates(const CaseFolder& folder, int count) {
  std::vector<Bytes> certificates;
  pki::CertificateWish wish;
  wish.key_identifiers = false;
  wish.serial = Bytes{0x10, 0, 0, 0};
  const Bytes one =
      pki::certificate_der(*hostile_root().key, hostile_root().certificate->subject(), wish);
  const auto serial = std::ranges::search(one, *wish.serial).begin() - one.begin();
  for (int i = 0; i < count; ++i) {
    certificates.push_back(one);
    for (int byte = 0; byte < 3; ++byte)
      certificates.back()[static_cast<std::size_t>(serial + 1 + byte)] =
          static_cast<std::uint8_t>(i >> (16 - 8 * byte));
  }
  return folder.message(message_with(signer_below(hostile_root()), certificates), hostile_root());
}

std::vector<std::string> large_certificates(const CaseFolder& folder, int megabytes) {
  std::vector<Bytes> certificates;
  pki::CertificateWish wish = pki::signer("Large");
  wish.extensions.push_back(
      {"1.3.6.1.4.1.32473.6", der::encode(der::kOctetString, Bytes(1'000'000, 0x55)), false});
  for (int i = 0; i < megabytes; ++i)
    certificates.push_back(
        pki::certificate_der(*hostile_root().key, hostile_root().certificate->subject(), wish));
  return folder.message(message_with(signer_below(hostile_root()), certificates), hostile_root());
}

// Each of the signers names all of these certificates by issuer and serial number, and none of them by its digest.
std::vector<std::string> signers_of_large_certificates(const CaseFolder& folder, int signers,
                                                       int certificates) {
  const pki::Party signer = signer_below(hostile_root());
  pki::CertificateWish wish = pki::signer("Seal");
  wish.serial = signer.certificate->serial_number();
  pki::MessageWish message;
  message.content = signed_document();
  message.with_certificate = false;
  for (int i = 0; i < certificates; ++i) {
    wish.not_before = pki::at("2010-01-01") + std::chrono::seconds(i);
    wish.extensions = {
        {"1.3.6.1.4.1.32473.6", der::encode(der::kOctetString, Bytes(100'000, 0x55)), false}};
    message.certificates.push_back(
        pki::certificate_der(*hostile_root().key, hostile_root().certificate->subject(), wish));
  }
  const Bytes one = pki::message(signer, message);
  cms::SignedData all = cms::read_signed_data(cms::Source::of(one)).value().parts;
  all.signers.resize(static_cast<std::size_t>(signers), all.signers.front());
  return folder.message(all.detached(), hostile_root());
}

}  // namespace

std::vector<HostileCase> certificate_cases() {
  using Folder = const CaseFolder&;
  return {
      {"a chain of 30 certificates", kPassed, false, [](Folder f) { return chain_of(f, 28); }},
      {"a chain of 1,000 certificates", kIndeterminate, false,
       [](Folder f) { return chain_of(f, 1000); }},
      {"two authorities that certify each other", kIndeterminate, false,
       [](Folder f) { return mesh_of(f, 2, false); }},
      {"30 authorities that all certify each other, none of them trusted", kIndeterminate, true,
       [](Folder f) { return mesh_of(f, 30, false); }},
      {"30 authorities that all certify each other, one below the anchor", kPassed, false,
       [](Folder f) { return mesh_of(f, 30, true); }},
      {"5,000 name constraints and 5,000 names", kIndeterminate, false,
       [](Folder f) { return names_by_constraints(f, 5000); }},
      {"policies that are mapped to each other", kIndeterminate, false,
       [](Folder f) { return policies(f, 16, 20); }},
      // The signer's is beyond the first ones, which are what is read.
      {"50,000 certificates", kIndeterminate, false,
       [](Folder f) { return many_certificates(f, 50'000); }},
      {"1,000 signers who name the same 150 certificates of 100 KB", kIndeterminate, true,
       [](Folder f) { return signers_of_large_certificates(f, 1000, 150); }},
      {"40 MB of certificates", kUnusable, false,
       [](Folder f) { return large_certificates(f, 40); }},
  };
}

}  // namespace signet::tests
