#include "seal-client/activation_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "keygen/testing/test_issuer.h"
#include "seal-client/testing/signed_activation.h"

namespace signet::sealclient {
namespace {

using keygen::TestIssuer;
using FileRefusal = ActivationError::Kind;

const pinning::Pin kPin = pinning::Pin::of_public_key(Bytes{1, 2, 3});

class ActivationFile : public testing::Test {
 protected:
  ActivationFile() {
    header_ = {.client = "c1",
               .file = new_file_id(),
               .issued = "2026-03-01T12:00:00.000Z",
               .recipient = public_key_of(installation_.get())};
    activation_.order = "o1";
    activation_.server = {"https://seals.example:8443", pinning::PinSet({kPin})};
    activation_.key = private_key_of(key_.get());
    activation_.certificates = {
        authority_.issue({.common_name = "client", .public_key = public_key_of(key_.get())}).der(),
        authority_.certificate().der()};
    activation_.sealing = {
        authority_.issue({.common_name = "seal", .public_key = authority_.public_key()}).der()};
    activation_.content_key_hash = Bytes(32, 7);
  }

  std::string written() const {
    return signed_activation(header_, activation_, card_.key(), card_.certificate());
  }

  FileRefusal refusal_of(const std::string& file) const {
    const auto found = read_activation(view_of(file));
    if (!found) return found.error().kind;
    const auto opened = open_activation(found.value(), installation_.get());
    if (!opened) return opened.error().kind;
    ADD_FAILURE() << "accepted";
    return FileRefusal::system;
  }

  TestIssuer authority_{"authority"};
  TestIssuer card_{"card"};
  PkeyPtr installation_ = make_key_pair();
  PkeyPtr key_ = make_key_pair();
  ActivationHeader header_;
  Activation activation_;
};

TEST_F(ActivationFile, IsReadBackAsItWasWritten) {
  const auto file = read_activation(view_of(written()));
  ASSERT_TRUE(file) << file.error().sentence;
  EXPECT_EQ(file.value().header.client, "c1");
  EXPECT_EQ(file.value().header.file, header_.file);
  EXPECT_EQ(file.value().signer, card_.certificate().der());
  const auto opened = open_activation(file.value(), installation_.get());
  ASSERT_TRUE(opened) << opened.error().sentence;
  EXPECT_EQ(opened.value().client, "c1");
  EXPECT_EQ(opened.value().order, "o1");
  EXPECT_EQ(opened.value().server, activation_.server);
  EXPECT_TRUE(opened.value().key == activation_.key);
  EXPECT_EQ(opened.value().certificates, activation_.certificates);
  EXPECT_EQ(opened.value().sealing, activation_.sealing);
  EXPECT_EQ(opened.value().content_key_hash, activation_.content_key_hash);
}

TEST_F(ActivationFile, ShowsNeitherKeyNorServer) {
  const auto file = read_activation(view_of(written()));
  const std::string_view secret = text_of(file.value().encrypted);
  EXPECT_EQ(secret.find("seals.example"), std::string_view::npos);
  EXPECT_EQ(secret.find("\"key\""), std::string_view::npos);
}

TEST_F(ActivationFile, MayHaveWindowsLineEndsAndWordsAroundIt) {
  std::string file = "From the registration authority:\r\n";
  for (const char c : written()) file += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_TRUE(read_activation(view_of(file)));
}

TEST_F(ActivationFile, MadeForAnotherInstallationIsRefused) {
  header_.recipient = public_key_of(make_key_pair().get());
  EXPECT_EQ(refusal_of(written()), FileRefusal::other_installation);
}

TEST_F(ActivationFile, CutAnywhereIsRefused) {
  const std::string whole = written();
  for (std::size_t size = 0; size + 1 < whole.size(); size += 37)
    EXPECT_EQ(refusal_of(whole.substr(0, size)), FileRefusal::unreadable) << size;
  EXPECT_EQ(refusal_of(""), FileRefusal::unreadable);
}

TEST_F(ActivationFile, EachChangedLetterIsNoticed) {
  const std::string whole = written();
  // In front of the content there are hints for the reader (RFC 5652, 5.1: digestAlgorithms), which nobody signs.
  const std::size_t first = whole.find('\n') + 128;
  const std::size_t end = whole.find("-----END");
  for (std::size_t at = first; at < end; at += 11) {
    std::string changed = whole;
    if (changed[at] == '\n') continue;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto found = read_activation(view_of(changed));
    EXPECT_FALSE(found && open_activation(found.value(), installation_.get())) << at;
  }
}

TEST_F(ActivationFile, PartsOfTwoFilesDoNotFit) {
  const auto first = read_activation(view_of(written()));
  header_.file = new_file_id();
  const auto second = read_activation(view_of(written()));
  SignedActivation mixed = first.value();
  mixed.encrypted = second.value().encrypted;
  const auto opened = open_activation(mixed, installation_.get());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, FileRefusal::mixed);
}

TEST_F(ActivationFile, KeyAndCertificateOfTwoFilesDoNotFit) {
  activation_.key = private_key_of(make_key_pair().get());
  EXPECT_EQ(refusal_of(written()), FileRefusal::mixed);
}

TEST_F(ActivationFile, SignedByAnotherKeyThanItsCertificateSaysIsRefused) {
  const auto content = activation_content(header_, activation_);
  const auto of_the_same_size = [this] {
    while (true) {  // every second one is
      auto other = std::make_unique<TestIssuer>("card");
      if (other->certificate().der().size() == card_.certificate().der().size()) return other;
    }
  };
  const auto other = of_the_same_size();
  Bytes message = signed_by(card_.key(), card_.certificate(), content.value());
  // The other key's certificate in place of the card's, of the same name and length.
  const Bytes& from = card_.certificate().der();
  const Bytes& to = other->certificate().der();
  const auto at = std::search(message.begin(), message.end(), from.begin(), from.end());
  ASSERT_NE(at, message.end());
  std::copy(to.begin(), to.end(), at);
  EXPECT_EQ(refusal_of(activation_text(message)), FileRefusal::changed);
}

TEST_F(ActivationFile, OpensByItsPassphrase) {
  auto made = protect_key_pair(Secret("correct horse battery"));
  ASSERT_TRUE(made);
  header_.recipient = public_key_of(made->key.get());
  header_.passphrase = made->form;
  const auto file = read_activation(view_of(written()));
  ASSERT_TRUE(file);
  const auto key = installation_key_under(file.value(), Secret("correct horse battery"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(open_activation(file.value(), key.value().get()));
  const auto wrong = installation_key_under(file.value(), Secret("another one"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, FileRefusal::passphrase);
}

TEST_F(ActivationFile, WithoutAPassphraseSaysSo) {
  const auto key = installation_key_under(read_activation(view_of(written())).value(), Secret("x"));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, FileRefusal::passphrase);
}

}  // namespace
}  // namespace signet::sealclient
