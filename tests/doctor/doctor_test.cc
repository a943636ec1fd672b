// `signet doctor` names what is wrong: one test, one broken set-up.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/testing/test_keys.h"
#include "crypto/base64.h"
#include "dsa-transport/testing/test_server.h"
#include "tests/doctor/doctor_setup.h"
#include "tests/doctor/plain_server.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using transport::TlsTestServer;

// One cause, and an exit status that tells.
void expect_cause(const Diagnosis& diagnosis, const std::string& cause) {
  EXPECT_EQ(diagnosis.status(), 1);
  EXPECT_THAT(diagnosis.causes(), ElementsAre(HasSubstr(cause))) << diagnosis.text();
}

Member member_at(const std::string& url) {
  return {url, {"sha256//" + crypto::to_base64(sha256(view_of("nobody's key")))}};
}

TEST(Doctor, AHealthyPairIsWellThroughout) {
  DoctorSetup setup(DoctorSetup::Members::pair);
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 0);
  EXPECT_THAT(diagnosis.causes(), IsEmpty());
  for (const char* check : {"name", "tcp", "tls", "pin", "certificate", "clock", "appliance",
                            "account", "objects", "signature"}) {
    EXPECT_THAT(diagnosis.results(check), ElementsAre("well", "well")) << check << diagnosis.text();
  }
  EXPECT_THAT(diagnosis.results("credential"), ElementsAre("well"));
  EXPECT_THAT(setup.journal(), SizeIs(4)) << "text and JSON, a signature at each member";
  EXPECT_EQ(diagnosis.text().find(setup.pin()), std::string::npos);
}

TEST(Doctor, NoConfiguration) {
  const DoctorSetup setup;
  std::filesystem::remove(setup.config());
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "file: ");
  EXPECT_THAT(diagnosis.results("content"), ElementsAre("not tried"));
}

TEST(Doctor, ASyntaxErrorHasItsLine) {
  const DoctorSetup setup;
  setup.configure_text("[[token]]\nlabel = \"seal\"\nuser = seal\n");
  expect_cause(Diagnosis(), "content: " + setup.config().string() + ":3:");
}

TEST(Doctor, AnUnknownKeyGetsASuggestion) {
  const DoctorSetup setup;
  setup.configure(setup.members(), "cache_dirr = \"/x\"");
  expect_cause(Diagnosis(), "did you mean \"cache_dir\"?");
}

TEST(Doctor, AConfigurationThatOthersMayWrite) {
  const DoctorSetup setup;
  ASSERT_EQ(chmod(setup.config().c_str(), 0666), 0);
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "permissions: ");
  EXPECT_THAT(diagnosis.results("file"), ElementsAre("well"));
  EXPECT_THAT(diagnosis.text(), HasSubstr("chmod go-w"));
}

TEST(Doctor, ASignatureThatWasBroken) {
  const DoctorSetup setup;
  const auto keys = config::make_test_key_pair();
  write_file(setup.file("sign.key"), keys.private_pem);
  write_file(setup.file("config.pub"), keys.public_pem);
  setenv("SIGNET_CONFIG_ANCHOR", setup.file("config.pub").c_str(), 1);
  setenv("XDG_CACHE_HOME", setup.file("cache-home").c_str(), 1);
  const Ran signed_file =
      run_signet({"config", "sign", "--key", setup.file("sign.key"), setup.config()});
  EXPECT_EQ(signed_file.status, 0) << signed_file.err;
  const Diagnosis whole({"--no-signature"});
  setup.configure_text(read_file(setup.config()) + "# one more line\n");
  const Diagnosis broken;
  unsetenv("SIGNET_CONFIG_ANCHOR");
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(whole.status(), 0) << whole.text();
  EXPECT_THAT(whole.results("signed"), ElementsAre("well"));
  expect_cause(broken, "signed: ");
  EXPECT_THAT(broken.results("permissions"), ElementsAre("well"));
}

TEST(Doctor, ALogThatCannotBeWritten) {
  const DoctorSetup setup;
  setup.configure(setup.members(), "[log]\nto = \"/no/such/folder/log\"\n");
  expect_cause(Diagnosis(), "log: /no/such/folder/log");
}

TEST(Doctor, ANameThatDoesNotResolve) {
  const DoctorSetup setup;
  setup.configure({member_at("https://dsa1.invalid:8081/dsa/v1")});
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "name: cannot find dsa1.invalid");
  EXPECT_THAT(diagnosis.results("tcp"), ElementsAre("not tried"));
}

TEST(Doctor, NobodyListens) {
  const DoctorSetup setup;
  setup.configure(
      {member_at(fmt::format("https://127.0.0.1:{}/dsa/v1", transport::closed_port()))});
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "tcp: cannot connect");
  EXPECT_THAT(diagnosis.results("name"), ElementsAre("well"));
  EXPECT_THAT(diagnosis.results("account"), ElementsAre("not tried"));
}

TEST(Doctor, ASilentServer) {
  const DoctorSetup setup;
  TlsTestServer::Options options;
  options.stalls_handshake = true;
  const TlsTestServer server(
      std::make_shared<transport::TestIdentity>(),
      [](const auto&) { return transport::TestReply(); }, options);
  setup.configure({member_at(server.url())});
  const Diagnosis diagnosis({"--no-signature"});
  expect_cause(diagnosis, "it did not answer in time");
  EXPECT_THAT(diagnosis.results("tls"), ElementsAre("wrong"));
}

TEST(Doctor, AServerThatDoesNotSpeakTls) {
  const DoctorSetup setup;
  const PlainServer server("220 mail.example ESMTP\r\n");
  setup.configure({member_at(fmt::format("https://127.0.0.1:{}/dsa/v1", server.port()))});
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "tls: ");
  EXPECT_THAT(diagnosis.results("tcp"), ElementsAre("well"));
}

TEST(Doctor, AWrongPinIsNamedAndGetsNoPassword) {
  DoctorSetup setup;
  Member member = setup.members().front();
  const std::string seen = member.pins.front();
  member.pins = member_at("").pins;
  setup.configure({member});
  const auto before = setup.primary().counters().requests;
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "pin: the server's key has the pin " + seen);
  EXPECT_THAT(diagnosis.text(), HasSubstr("by another channel"));
  EXPECT_EQ(setup.primary().counters().requests, before);
}

TEST(Doctor, AWrongPathIsNoAppliance) {
  const DoctorSetup setup;
  Member member = setup.members().front();
  member.url = member.url.substr(0, member.url.find("/dsa/")) + "/elsewhere";
  setup.configure({member});
  expect_cause(Diagnosis(), "appliance: ");
}

TEST(Doctor, AClockThatIsOff) {
  DoctorSetup setup;
  const auto identity = std::make_shared<transport::TestIdentity>();
  const TlsTestServer server(identity, [](const transport::TestRequest&) {
    transport::TestReply reply;
    reply.headers["Date"] = "Thu, 01 Jan 2026 12:00:00 GMT";
    reply.body = R"({"manufacturer":"m","model":"d","serialNumber":"1","clusterId":"c",
      "firmware":{"major":1,"minor":0},"hardware":{"major":1,"minor":0},"role":"primary",
      "maxDigestsPerRequest":1,"keyTypes":[],"algorithms":[],"hashes":[],"rawPkcs1":false})";
    return reply;
  });
  setup.configure({{server.url(), {identity->pin().text()}}});
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 1);
  EXPECT_THAT(diagnosis.causes(), Contains(HasSubstr("clock: the appliance's clock is ")));
  EXPECT_THAT(diagnosis.results("appliance"), ElementsAre("well"));
}

TEST(Doctor, AWrongPinOfTheAccountIsSentOnce) {
  DoctorSetup setup(DoctorSetup::Members::pair);
  setup.set_pin("wrong horse");
  EXPECT_EQ(run_signet({"doctor"}).status, 1);
  EXPECT_EQ(setup.account({}).at("wrongPasswords"), 1) << "at two members";
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "account: ");
  EXPECT_THAT(diagnosis.results("account"), ElementsAre("wrong", "not tried"));
  EXPECT_THAT(diagnosis.text(), HasSubstr("Do not try on"));
}

TEST(Doctor, AWrongClientSecretOfACscServiceIsSentOnce) {
  DoctorSetup setup(DoctorSetup::Members::pair);
  write_file(setup.file("secret"), "wrong");
  std::vector<Member> members = setup.members();
  for (Member& member : members) {
    member.url = member.url.substr(0, member.url.find("/dsa/v1")) + "/csc/v2";
  }
  setup.configure_text(
      fmt::format("[[token]]\nlabel = \"seal\"\nuser = \"seal\"\ndialect = \"csc\"\n"
                  "credential = \"file:{}\"\n[token.csc]\nsecret = \"file:{}\"\n",
                  setup.pin_file().string(), setup.file("secret").string()) +
      members_text(members));
  const Ran ran = run_signet({"doctor"});
  EXPECT_EQ(ran.status, 1) << ran.out;
  EXPECT_NE(ran.out.find("is sent once"), std::string::npos) << ran.out;
  EXPECT_EQ(setup.primary().calls()["/csc/v2/oauth2/token"] +
                setup.alternate().calls()["/csc/v2/oauth2/token"],
            1U);
}

TEST(Doctor, AnAccountThatIsLockedExpiredDisabledOrNotActive) {
  const DoctorSetup setup;
  for (const auto& [break_it, mend_it, cause] : {std::array{"--lock", "--unlock", "locked"},
                                                 {"--disable", "--enable", "disabled"},
                                                 {"--deactivate", "--activate", "activated"},
                                                 {"--expire", "", "expired"}}) {
    setup.account({break_it});
    const Diagnosis diagnosis;
    expect_cause(diagnosis, "account: ");
    EXPECT_THAT(diagnosis.causes(), ElementsAre(HasSubstr(cause)));
    EXPECT_THAT(diagnosis.results("signature"), ElementsAre("not tried"));
    if (*mend_it != '\0') setup.account({mend_it});
  }
}

TEST(Doctor, ACredentialThatOthersMayRead) {
  const DoctorSetup setup;
  ASSERT_EQ(chmod(setup.pin_file().c_str(), 0644), 0);
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "credential: " + setup.pin_file().string());
  EXPECT_THAT(diagnosis.results("account"), ElementsAre("not tried"));
}

TEST(Doctor, ACredentialThatOnlyTheServiceHasIsNoFault) {
  const DoctorSetup setup;
  std::string text = read_file(setup.config());
  const auto at = text.find("\"file:");
  setup.configure_text(text.replace(at, text.find('\n', at) - at, "\"systemd:seal.pin\""));
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 13);
  EXPECT_THAT(diagnosis.results("credential"), ElementsAre("not tried"));
  EXPECT_THAT(diagnosis.results("account"), ElementsAre("not tried"));
}

TEST(Doctor, AFolderForFiguresThatOthersMayChange) {
  const DoctorSetup setup;
  setup.configure(setup.members(),
                  fmt::format("[metrics]\ndir = \"{}\"\n", setup.file("metrics").string()));
  EXPECT_THAT(Diagnosis().results("metrics"), ElementsAre("well"));
  std::filesystem::create_directory(setup.file("metrics"));
  ASSERT_EQ(chmod(setup.file("metrics").c_str(), 0777), 0);
  expect_cause(Diagnosis(), "metrics: " + setup.file("metrics").string());
}

TEST(Doctor, AnAccountWithoutAKey) {
  const DoctorSetup setup(DoctorSetup::Members::one, {});
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "objects: there is no key");
  EXPECT_THAT(diagnosis.results("signature"), ElementsAre("not tried"));
}

TEST(Doctor, CertificatesThatExpiredOrBelongToAnotherKey) {
  const DoctorSetup setup(DoctorSetup::Members::one, {"ec:P-256:signer", "ec:P-256:other"});
  {
    const Module module;
    Session session(module);
    session.login(setup.pin());
    const auto key_of = [&](const std::string& label) {
      const auto handle = session.find_one({CKO_PUBLIC_KEY, label, {}});
      return p256_public_key(session.attribute(handle, CKA_EC_POINT));
    };
    const auto id_of = [&](const std::string& label) {
      return session.attribute(session.find_one({CKO_PUBLIC_KEY, label, {}}), CKA_ID);
    };
    session.write_certificate(certificate_for(key_of("signer"), "Old", {-7200, -3600}), "old",
                              id_of("signer"));
    session.write_certificate(certificate_for(key_of("other"), "Other"), "strange",
                              id_of("signer"));
  }
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 1);
  EXPECT_THAT(diagnosis.causes(),
              ElementsAre(HasSubstr("certificates: \"old\" (CN=Old): it expired on "),
                          HasSubstr("\"strange\" (CN=Other): its CKA_ID is that of another key")));
}

// Writes certificates of one subject, one after the other, for keys made here: the first ended or is about to end.
void write_generations(const DoctorSetup& setup, const Validity& old) {
  const Module module;
  Session session(module);
  session.login(setup.pin());
  const auto key_of = [&](const std::string& label) {
    return session.find_one({CKO_PUBLIC_KEY, label, {}});
  };
  const auto write = [&](const std::string& key, const std::string& label, const Validity& when) {
    const Bytes point = session.attribute(key_of(key), CKA_EC_POINT);
    session.write_certificate(certificate_for(p256_public_key(point), "Seal", when), label,
                              session.attribute(key_of(key), CKA_ID));
  };
  write("first", "old", old);
  write("second", "new", {-60, 400L * 24 * 3600});
}

TEST(Doctor, ASupersededCertificateIsNoFaultAndTheNewKeyIsTried) {
  const DoctorSetup setup(DoctorSetup::Members::one, {"ec:P-256:first", "ec:P-256:second"});
  write_generations(setup, {-7200, -3600});
  const Diagnosis diagnosis({"--require-signature"});
  EXPECT_EQ(diagnosis.status(), 0) << diagnosis.text();
  EXPECT_THAT(diagnosis.text(), HasSubstr("\"old\" (CN=Seal): superseded by \"new\", expired on "));
  EXPECT_THAT(diagnosis.text(), HasSubstr("key \"second\" signs"));
}

TEST(Doctor, ACertificateThatEndsSoonIsDueOnlyWhileNothingHasTakenItsPlace) {
  const DoctorSetup setup(DoctorSetup::Members::one, {"ec:P-256:first", "ec:P-256:second"});
  write_generations(setup, {-7200, 24L * 3600});
  EXPECT_THAT(Diagnosis().text(), HasSubstr("it expires soon: renew it"));
  const Ran renamed = run_signet({"key", "rename", "first", "new (until x)", "--with-certificates",
                                  "--pin-file", setup.pin_file().string()});
  EXPECT_EQ(renamed.status, 0) << renamed.err;
  const std::string until = Diagnosis().text();
  const auto at = until.find("valid until ") + std::string("valid until ").size();
  const Ran retired =
      run_signet({"key", "rename", "new (until x)", "new (until " + until.substr(at, 10) + ")",
                  "--with-certificates", "--pin-file", setup.pin_file().string()});
  EXPECT_EQ(retired.status, 0) << retired.err;
  const Diagnosis after;
  EXPECT_THAT(after.text(), HasSubstr("superseded by \"new\", valid until "));
  EXPECT_EQ(after.text().find("it ends soon"), std::string::npos) << after.text();
}

TEST(Doctor, AWrongSignature) {
  DoctorSetup setup;
  setup.primary().queue_faults(
      R"({"match":{"method":"POST"},"kind":"wrong-signature","variant":"other-key","times":0})");
  expect_cause(Diagnosis(), "signature: ");
}

TEST(Doctor, OnlyTheAlternateAnswers) {
  DoctorSetup setup(DoctorSetup::Members::pair);
  setup.primary().kill();
  const Diagnosis diagnosis;
  expect_cause(diagnosis, "tcp: cannot connect");
  const std::string primary = setup.members().at(0).url;
  const std::string alternate = setup.members().at(1).url;
  EXPECT_THAT(diagnosis.results("account", primary), ElementsAre("not tried"));
  EXPECT_THAT(diagnosis.results("signature", alternate), ElementsAre("well"));
}

TEST(Doctor, WithoutACredentialNoPasswordIsSentUntilOneIsGiven) {
  const DoctorSetup setup;
  std::string text = read_file(setup.config());
  const auto at = text.find("credential");
  setup.configure_text(text.erase(at, text.find('\n', at) - at));
  const Diagnosis without;
  EXPECT_EQ(without.status(), 13);
  EXPECT_THAT(without.text(), HasSubstr("nothing wrong found, but not tried: account, objects, "
                                        "signature, certificates, algorithms\n"));
  EXPECT_EQ(Diagnosis({"--require-signature"}).status(), 1);
  EXPECT_THAT(without.results("account"), ElementsAre("not tried"));
  const Diagnosis with({"--pin-file", setup.pin_file().string()});
  EXPECT_THAT(with.results("signature"), ElementsAre("well"));
  EXPECT_EQ(with.text().find(setup.pin()), std::string::npos);
}

TEST(Doctor, AsksForThePinAtTheTerminalWithoutShowingIt) {
  const DoctorSetup setup;
  const Ran ran = run_signet_at_terminal({"doctor", "--token", "seal", "--ask-pin"},
                                         "PIN of token \"seal\": ", setup.pin() + "\n");
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("✓ account: \"seal\" is logged in"));
  EXPECT_EQ(ran.out.find(setup.pin()), std::string::npos) << ran.out;
}

TEST(Doctor, LooksAtOneTokenWhereAsked) {
  const DoctorSetup setup;
  EXPECT_EQ(Diagnosis({"--token", "seal"}).status(), 0);
  expect_cause(Diagnosis({"--token", "none"}), "token: there is no token \"none\"");
}

}  // namespace
}  // namespace signet::tests
