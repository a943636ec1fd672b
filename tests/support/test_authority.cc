#include "tests/support/test_authority.h"

#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace signet::tests {

namespace {

constexpr const char* kTestca = SIGNET_TEST_TESTCA;
constexpr std::chrono::seconds kAuthorityStart{120};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

TestAuthority::TestAuthority() {
  const std::string ca = folder_ / "ca";
  const std::string ready = folder_ / "ready";
  output_of({kTestca, "init", ca});
  server_ = std::make_unique<Process>(
      std::vector<std::string>{kTestca, "serve", ca, "--ready-file", ready, "--tls-ready-file",
                               folder_ / "tls-ready"},
      folder_ / "log", folder_ / "log");
  const auto end = std::chrono::steady_clock::now() + kAuthorityStart;
  while (!std::filesystem::exists(ready)) {
    if (!server_->running() || std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("testca does not serve: " + folder_.read("log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  url_ = first_line(folder_.read("ready"));
  tls_url_ = first_line(folder_.read("tls-ready"));
}

TestAuthority::ClientFiles TestAuthority::make_client() const {
  ClientFiles files{folder_ / "client.pem", folder_ / "client.key"};
  output_of({kTestca, "tls", folder_ / "ca", "client", files.certificate, files.key, "--client"});
  return files;
}

TestAuthority::Count TestAuthority::count(const std::string& path) const {
  const auto all = boost::json::parse(
      output_of({"/usr/bin/curl", "--silent", "--fail", "--noproxy", "*", url_ + "/counts"}));
  const auto* const one = all.as_object().if_contains(path);
  if (one == nullptr) return {};
  const auto number = [&](const char* name) { return one->at(name).to_number<std::uint64_t>(); };
  return {number("requests"), number("received"), number("sent")};
}

std::string TestAuthority::openssl_verdict(ByteView token, std::string_view text) const {
  const ScratchFolder folder;
  const auto document = folder.write("document", text);
  const auto file = folder.write("token", text_of(token));
  try {
    output_of({"/usr/bin/openssl", "ts", "-verify", "-data", document, "-token_in", "-in", file,
               "-CAfile", ca_file()});
    return "good";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace signet::tests
