// Validates a document again and again in one process, by the library: lines of JSON in, one out for each. bench/validating drives it,
// and the workers of other programs (peers/) in the same way.
//
//   {"times": 20}
//   {"milliseconds": [one for each], "processorMilliseconds": [likewise], "verdict": "TOTAL-PASSED"}
//
// A case is a folder as conformance/validation/ has them: doc.pdf, trust/*.pem, crls/ and fresh/*.crl (DER), expected.json with the
// control time.
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/clock.h"
#include "crypto/openssl.h"
#include "crypto/suite.h"
#include "pdf/source.h"
#include "validation/reading.h"
#include "validation/validator.h"

namespace signet::bench {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using validation::CertificatePtr;
using validation::RevocationData;
using validation::RevocationDataPtr;

Bytes content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

CertificatePtr certificate_in(const fs::path& file) {
  const Bytes pem = content_of(file);
  const BioPtr bio = crypto::bio_over(pem);
  const X509Ptr read(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  unsigned char* der = nullptr;
  const int size = read ? i2d_X509(read.get(), &der) : 0;
  if (size <= 0) throw std::runtime_error(file.string() + " holds no certificate");
  const Bytes bytes(der, der + size);
  OPENSSL_free(der);
  auto parsed = validation::Certificate::parse(bytes);
  if (!parsed) throw std::runtime_error(parsed.error());
  return std::move(parsed).value();
}

std::shared_ptr<const crypto::Suite> suite(std::size_t which) {
  auto read = crypto::Suite::shipped(crypto::kShippedSuites[which]);
  if (!read) throw std::runtime_error(read.error());
  return std::make_shared<const crypto::Suite>(std::move(read).value());
}

validation::Time control_time(const fs::path& file) {
  const Bytes text = content_of(file);
  const json::value expected = json::parse(text_of(text));
  const std::string at(expected.at("validation_time").as_string());
  std::tm fields{};
  if (strptime(at.c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields) == nullptr)
    throw std::runtime_error(at + " is not a time");
  return wall_time(timegm(&fields));
}

// As `signet verify --at` sets it up.
class Case {
 public:
  explicit Case(const fs::path& folder) : document_(content_of(folder / "doc.pdf")) {
    policy_.at = control_time(folder / "expected.json");
    policy_.now = std::chrono::system_clock::now();
    policy_.suite = suite(0);
    policy_.other = suite(1);
    for (const fs::path& file : files_in(folder / "trust"))
      policy_.anchors.push_back({certificate_in(file), {}});
    for (const char* const kind : {"crls", "fresh"})
      for (const fs::path& file : files_in(folder / kind)) {
        auto parsed = RevocationData::parse_crl(content_of(file));
        if (!parsed) throw std::runtime_error(parsed.error());
        revocations_.push_back(std::move(parsed).value());
      }
  }

  // From the document's bytes to the verdict.
  std::string validate() const {
    auto parts = validation::read_pdf(pdf::Source::of(document_), {});
    if (!parts) throw std::runtime_error(parts.error().sentence);
    for (const RevocationDataPtr& one : revocations_)
      parts.value().evidence.add(one, validation::Origin::file);
    const auto overall = validation::validate(parts.value(), policy_).overall();
    if (!overall) return "no signature";
    std::string verdict(total_name(overall->indication));
    if (overall->sub_indication != validation::SubIndication::none)
      verdict += "/" + std::string(name_of(overall->sub_indication));
    return verdict;
  }

 private:
  const Bytes document_;
  validation::Policy policy_;
  std::vector<RevocationDataPtr> revocations_;
};

double processor_milliseconds() {
  std::timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

json::object measured(const Case& one, std::size_t times) {
  json::array wall;
  json::array processor;
  std::string verdict;
  for (std::size_t i = 0; i < times; ++i) {
    const double used = processor_milliseconds();
    const auto began = std::chrono::steady_clock::now();
    verdict = one.validate();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    wall.emplace_back(took.count());
    processor.emplace_back(processor_milliseconds() - used);
  }
  return {{"milliseconds", std::move(wall)},
          {"processorMilliseconds", std::move(processor)},
          {"verdict", verdict}};
}

int run(int argc, char** argv) {
  CLI::App app("Validates a document for as long as it is asked. bench/validating drives it.");
  std::string folder;
  std::size_t times = 1;
  bool lines = false;
  app.add_option("folder", folder, "Of the case")->required();
  app.add_option("--times", times, "So many times, for a profiler (1)");
  app.add_flag("--lines", lines, "As lines of the standard input say");
  CLI11_PARSE(app, argc, argv);
  const Case one(folder);
  if (!lines) {
    std::cout << measured(one, times) << std::endl;
    return 0;
  }
  std::string line;
  while (std::getline(std::cin, line))
    std::cout << measured(one, json::parse(line).at("times").to_number<std::size_t>()) << std::endl;
  return 0;
}

}  // namespace

}  // namespace signet::bench

int main(int argc, char** argv) {
  try {
    return signet::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "verifybench: " << error.what() << '\n';
    return 1;
  }
}
