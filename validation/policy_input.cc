#include "validation/policy_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <system_error>
#include <utility>

#include "common/bounded_file.h"
#include "crypto/certificate_bundle.h"
#include "crypto/suite.h"
#include "validation/reading/kind.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostFiles = 4'096;                                   // of a folder
constexpr std::size_t kLargestCertificates = std::size_t{4} * 1024 * 1024;  // bytes of a file

PolicyInput<std::vector<std::filesystem::path>> certificate_files(
    const std::filesystem::path& name) {
  std::error_code error;
  if (!std::filesystem::is_directory(name, error)) return std::vector{name};
  std::vector<std::filesystem::path> files;
  constexpr std::array kEndings = {".pem", ".crt", ".cer", ".der"};
  std::filesystem::directory_iterator at(name, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (std::ranges::find(kEndings, at->path().extension()) == kEndings.end()) continue;
    if (files.size() == kMostFiles)
      return fmt::format("\"{}\" holds more than {} certificates", name.string(), kMostFiles);
    files.push_back(at->path());
  }
  if (error) return fmt::format("cannot read \"{}\": {}", name.string(), error.message());
  if (files.empty())
    return fmt::format("\"{}\" holds no certificate (*.pem, *.crt, *.cer, *.der)", name.string());
  std::ranges::sort(files);
  return files;
}

std::string named(const std::filesystem::path& file, const std::string& problem) {
  return fmt::format("\"{}\": {}", file.string(), problem);
}

}  // namespace

PolicyInput<std::vector<CertificatePtr>> certificates_in(ByteView content) {
  std::vector<CertificatePtr> certificates;
  for (const Bytes& der : crypto::certificates_in(content)) {
    BOOST_OUTCOME_TRY(auto parsed, Certificate::parse(der));
    certificates.push_back(std::move(parsed));
  }
  if (certificates.empty())
    return std::string("this is not a certificate in PEM or DER, nor a PKCS#7 message");
  return certificates;
}

PolicyInput<std::vector<CertificatePtr>> certificates_from(const std::filesystem::path& name) {
  std::vector<CertificatePtr> certificates;
  BOOST_OUTCOME_TRY(const auto files, certificate_files(name));
  for (const std::filesystem::path& file : files) {
    const auto content = read_file(file, kLargestCertificates);
    if (!content) return "cannot read " + content.error().sentence;
    auto found = certificates_in(content.value());
    if (!found) return named(file, found.error());
    for (CertificatePtr& each : found.value()) certificates.push_back(std::move(each));
  }
  return certificates;
}

PolicyInput<RevocationDataPtr> revocation_in(RevocationKind kind, ByteView content) {
  if (content.size() > kLargestEvidence) return std::string("revocation data has at most 64 MiB");
  const cms::Source source = cms::Source::of(content);
  Bytes der;
  if (is_pem(source)) {
    auto block = from_pem(source);
    if (!block) return std::string("the PEM text cannot be read");
    der = *std::move(block);
  } else {
    der = copy_of(content);
  }
  return kind == RevocationKind::crl ? RevocationData::parse_crl(std::move(der))
                                     : RevocationData::parse_ocsp(std::move(der));
}

PolicyInput<RevocationDataPtr> revocation_from(RevocationKind kind,
                                               const std::filesystem::path& file) {
  const auto content = read_file(file, kLargestEvidence);
  if (!content) return content.error().sentence;
  auto found = revocation_in(kind, content.value());
  if (!found) return named(file, found.error());
  return found;
}

PolicyInput<void> choose_suites(const std::string& name, Policy& policy) {
  const std::string first = name.empty() ? std::string(crypto::kShippedSuites[0]) : name;
  auto suite = crypto::Suite::load(first);
  if (!suite) return "the suite " + suite.error();
  policy.suite = std::make_shared<const crypto::Suite>(std::move(suite).value());
  policy.other = nullptr;
  if (first != crypto::kShippedSuites[0]) return success();
  BOOST_OUTCOME_TRY(auto other, crypto::Suite::shipped(crypto::kShippedSuites[1]));
  policy.other = std::make_shared<const crypto::Suite>(std::move(other));
  return success();
}

}  // namespace signet::validation
