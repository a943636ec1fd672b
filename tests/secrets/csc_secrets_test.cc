// What a CSC service gives and is given: access tokens, authorisations, the client's secret and the PIN. None of them stands in
// a log (the service's, too), a file, a URL or a command line; none is in the memory after C_Finalize.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "crypto/base64.h"
#include "tests/secrets/host_process.h"
#include "tests/secrets/needles.h"
#include "tests/support/csc_service.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/tls_recorder.h"

namespace signet::tests {
namespace {

class CscSecrets : public testing::TestWithParam<int> {
 protected:
  CscSecrets() {
    service_.change_account({"--csc-scal", std::to_string(GetParam()), "--csc-multisign", "3"});
    write_file(service_.folder() / "given", kClientSecret);
    service_.change_account({"--csc-secret-file", (service_.folder() / "given").string()});
    // Each life has tokens of its own, as the recorder sees them.
    service_.configure(
        "", service_.oauth2(kClientSecret),
        Member{fmt::format("https://127.0.0.1:{}/dsa/v1", recorder_.port()), {recorder_.pin()}});
  }

  void live(HostProcess& host) const {
    // With SCAL 2 the first signature checks it.
    const bool checked = GetParam() == 1;
    EXPECT_EQ(host.tell('l', 0, "wrong PIN of the account"), checked ? CKR_PIN_INCORRECT : CKR_OK);
    EXPECT_EQ(host.tell('o', 0), checked ? CKR_USER_NOT_LOGGED_IN : CKR_OK);
    EXPECT_EQ(host.tell('l', 0, service_.pin()), CKR_OK);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(host.tell('s', 0), CKR_OK);
  }

  // What stands between the two in everything that the module sent.
  std::set<std::string> sent(const std::string& before, char after) const {
    std::set<std::string> found;
    const std::string all = recorder_.received();
    for (auto at = all.find(before); at != std::string::npos; at = all.find(before, at + 1)) {
      const std::size_t begin = at + before.size();
      found.insert(all.substr(begin, all.find(after, begin) - begin));
    }
    return found;
  }

  static void add(std::vector<Needle>& all, const std::string& name, const std::string& secret) {
    const auto more = needles_for(name, secret);
    all.insert(all.end(), more.begin(), more.end());
  }

  std::vector<Needle> sad_needles() const {
    std::vector<Needle> all;
    for (const std::string& sad : sent("\"SAD\":\"", '"')) add(all, "SAD", sad);
    return all;
  }

  std::vector<Needle> needles() const {
    std::vector<Needle> all = sad_needles();
    add(all, "client secret", kClientSecret);
    add(all, "PIN", service_.pin());
    for (const std::string& token : tokens()) add(all, "token", token);
    return all;
  }

  std::set<std::string> tokens() const { return sent("Authorization: Bearer ", '\r'); }

  static constexpr const char* kClientSecret = "fXq7-TzL0_mVbA4c.RkWe81pGdYhNs52";
  const CscService service_;
  const TlsRecorder recorder_{service_.member().port()};
};

INSTANTIATE_TEST_SUITE_P(Scal, CscSecrets, testing::Values(1, 2));

TEST_P(CscSecrets, AreInNoLogNoJournalAndNoCommandLine) {
  std::vector<Hit> hits;
  {
    HostProcess host(service_.folder() / "stderr");
    live(host);
    for (const char* file : {"cmdline", "environ"}) {
      const std::string path = fmt::format("/proc/{}/{}", host.pid(), file);
      const auto more = search_text(read_file(path), path, needles());
      hits.insert(hits.end(), more.begin(), more.end());
    }
    EXPECT_EQ(host.tell('f'), CKR_OK);
  }
  const auto wanted = needles();
  ASSERT_GE(tokens().size(), 1U);
  ASSERT_GE(sent("\"SAD\":\"", '"').size(), 3U) << "eight signatures, three for each";
  const auto search = [&](const std::string& text, const std::string& place) {
    EXPECT_FALSE(text.empty()) << place;
    const auto more = search_text(text, place, wanted);
    hits.insert(hits.end(), more.begin(), more.end());
  };
  search(service_.log(), "the module's log");
  search(service_.member().log(), "the service's log");
  search(output_of({SIGNET_TEST_EMULATOR, "journal", service_.state().string(), "--json"}),
         "the journal");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(service_.folder() / "cache")) {
    if (entry.is_regular_file()) search(read_file(entry.path()), entry.path().string());
  }
  EXPECT_TRUE(hits.empty()) << list_of(hits);
  // There was something to search: every request is told, with its path.
  EXPECT_NE(service_.log().find("sign"), std::string::npos);
  EXPECT_NE(service_.member().log().find("POST /csc/v2/oauth2/token"), std::string::npos);
  EXPECT_FALSE(search_text(recorder_.received(), "the wire", wanted).empty());
}

// As with PINs (secrets_test.cc): a copy that stays in one life of many is not what is looked for. The connections are open
// when an authorisation has to be gone.
TEST_P(CscSecrets, AreGoneFromTheMemoryOnceTheyAreUsedUpOrAfterCFinalize) {
  constexpr int kLives = 3;
  service_.change_account({"--csc-multisign", "1"});
  std::vector<Hit> hits;
  for (int life = 0; life < kLives; ++life) {
    HostProcess host(service_.folder() / "stderr");
    live(host);
    EXPECT_FALSE(search_memory(host.pid(), needles()).empty()) << "the token is kept";
    EXPECT_EQ(host.tell('o', 0), CKR_OK);
    hits = search_memory(host.pid(), sad_needles());
    for (const std::string& token : tokens()) {
      // The one that is kept for the next call; not what it came in, which its connection had in its buffers.
      const auto places = search_memory(host.pid(), {{"token", token}});
      if (places.size() > 1) hits.insert(hits.end(), places.begin(), places.end());
    }
    if (!hits.empty()) continue;
    EXPECT_EQ(host.tell('f'), CKR_OK);
    hits = search_memory(host.pid(), needles());
    EXPECT_EQ(host.tell('m', 0, kClientSecret), CKR_OK);
    EXPECT_GT(search_memory(host.pid(), needles()).size(), hits.size())
        << "it finds nothing at all";
    if (hits.empty()) break;
  }
  EXPECT_TRUE(hits.empty()) << list_of(hits);
}

}  // namespace
}  // namespace signet::tests
