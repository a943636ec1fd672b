#include "seal-server/certificates/authority.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "crypto/openssl.h"
#include "seal-server/testing/test_identity.h"

namespace signet::sealserver {
namespace {

using Kind = AuthorityAnswer::Kind;

class CommandAuthorities : public testing::Test {
 protected:
  CommandAuthorities() {
    std::string pattern = (std::filesystem::temp_directory_path() / "signet-ca.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~CommandAuthorities() override { std::filesystem::remove_all(folder_); }

  // What a script says to a request.
  AuthorityAnswer answer(const std::string& script, Milliseconds limit = Milliseconds(30'000)) {
    const std::filesystem::path program = folder_ / "ask";
    std::ofstream(program) << "#!/bin/sh\n" << script << '\n';
    chmod(program.c_str(), 0700);
    return command_authority(program.string() + " word", folder_ / "requests", limit)
        ->ask("order1", view_of("request"));
  }

  std::filesystem::path folder_;
};

TEST_F(CommandAuthorities, IssueWhatTheCommandWrites) {
  const Bytes certificate = TestIdentity("a").certificate();
  std::ofstream(folder_ / "answer.pem") << crypto::to_pem("CERTIFICATE", certificate);
  const auto issued = answer("[ \"$1\" = word ] && [ \"$(cat \"$2\")\" = request ] && cat " +
                             (folder_ / "answer.pem").string());
  EXPECT_EQ(issued.kind, Kind::issued) << issued.sentence;
  EXPECT_EQ(issued.certificates, std::vector<Bytes>{certificate});
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "requests"));
}

TEST_F(CommandAuthorities, AreUndecidedRefuseOrFail) {
  EXPECT_EQ(answer("echo").kind, Kind::undecided);
  const auto refused = answer("printf 'refused: not \\033[1m yours\\nmore'");
  EXPECT_EQ(refused.kind, Kind::refused);
  EXPECT_EQ(refused.sentence.find('\033'), std::string::npos);
  EXPECT_TRUE(refused.sentence.starts_with("not ")) << refused.sentence;
  EXPECT_EQ(answer("echo refused: no; exit 3").kind, Kind::failed);
  EXPECT_EQ(answer("echo certificate").kind, Kind::failed);
  const auto late = answer("exec sleep 60", Milliseconds(200));
  EXPECT_EQ(late.kind, Kind::failed);
  EXPECT_NE(late.sentence.find("took longer than 200 ms"), std::string::npos) << late.sentence;
  EXPECT_EQ(command_authority("", folder_, Milliseconds(1))->ask("a", {}).kind, Kind::failed);
  EXPECT_EQ(command_authority("/nonexistent", folder_, Milliseconds(1))->ask("a", {}).kind,
            Kind::failed);
}

TEST(HttpAuthorities, FailWhereNobodyAnswers) {
  const auto authority = http_authority({.url = "http://127.0.0.1:1/ca",
                                         .ca_file = {},
                                         .media_type = "application/pkcs10",
                                         .limit = Milliseconds(5'000)});
  EXPECT_EQ(authority->ask("a", view_of("request")).kind, Kind::failed);
  EXPECT_EQ(http_authority({.url = "ftp://a", .ca_file = {}, .media_type = {}, .limit = {}})
                ->ask("a", {})
                .kind,
            Kind::failed);
}

}  // namespace
}  // namespace signet::sealserver
