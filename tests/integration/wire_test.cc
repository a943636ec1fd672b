// What a signature sends: one request, a digest, and nothing of the document.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/tls_recorder.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr std::size_t kDocumentSize = 20'000'000;
constexpr std::size_t kChunkSize = 65'536;
constexpr std::uint64_t kMostBytes = 2048;

// A run of bytes that stands in every chunk of the document and nowhere else.
const Bytes kMarker = {0xf3, 0x8e, 0x01, 0xc7, 0x5d, 0xb2, 0x9a, 0x64, 0xe0, 0x1b, 0x77, 0xd4};

Bytes marked_document(std::size_t size) {
  Bytes document;
  document.reserve(size + kMarker.size());
  while (document.size() < size) document.insert(document.end(), kMarker.begin(), kMarker.end());
  document.resize(size);
  return document;
}

Bytes sign_in_chunks(Session& session, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE key,
                     Bytes& document) {
  CK_MECHANISM mechanism = {type, nullptr, 0};
  expect_ok(session.module()->C_SignInit(session.handle(), &mechanism, key), "C_SignInit");
  for (std::size_t done = 0; done < document.size(); done += kChunkSize) {
    const std::size_t size = std::min(kChunkSize, document.size() - done);
    expect_ok(session.module()->C_SignUpdate(session.handle(), document.data() + done, size),
              "C_SignUpdate");
  }
  Bytes signature(512);
  CK_ULONG size = signature.size();
  expect_ok(session.module()->C_SignFinal(session.handle(), signature.data(), &size),
            "C_SignFinal");
  signature.resize(size);
  return signature;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The marker as it is, in hexadecimal and in base64, where it may begin at any of three places.
std::vector<std::string> forms_of_the_marker() {
  std::vector<std::string> forms = {std::string(text_of(kMarker)), to_hex(kMarker)};
  for (std::size_t skipped = 0; skipped < 3; ++skipped) {
    const auto whole_groups = ByteView(kMarker).subspan(skipped, 9);
    forms.push_back(crypto::to_base64(whole_groups));
  }
  return forms;
}

TEST(WireTest, OneSignatureIsOneRequest) {
  const Emulator emulator({"rsa:2048:rsa", "ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  const auto rsa = session.find_one({CKO_PRIVATE_KEY, "rsa", {}});
  const auto ec = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
  const Bytes document = marked_document(1000);

  const auto before = emulator.counters();
  const auto journal_before = emulator.journal().size();
  session.sign(CKM_SHA256_RSA_PKCS, rsa, document);
  EXPECT_EQ(emulator.counters().requests, before.requests + 1);
  session.sign(CKM_ECDSA_SHA256, ec, document);
  EXPECT_EQ(emulator.counters().requests, before.requests + 2);
  EXPECT_EQ(emulator.journal().size(), journal_before + 2);
}

TEST(WireTest, AskingForTheLengthSendsNothing) {
  const Emulator emulator({"rsa:2048:rsa"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "rsa", {}});
  Bytes document = marked_document(1000);
  CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, nullptr, 0};

  const auto before = emulator.counters();
  expect_ok(module->C_SignInit(session.handle(), &mechanism, key), "C_SignInit");
  CK_ULONG size = 0;
  expect_ok(module->C_Sign(session.handle(), document.data(), document.size(), nullptr, &size),
            "C_Sign");
  EXPECT_EQ(size, 256U);
  EXPECT_EQ(emulator.counters().requests, before.requests);
}

TEST(WireTest, ALargeDocumentSendsLessThanTwoKilobytes) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
  Bytes document = marked_document(kDocumentSize);

  const auto before = emulator.counters();
  sign_in_chunks(session, CKM_ECDSA_SHA256, key, document);
  const auto after = emulator.counters();

  EXPECT_EQ(after.requests, before.requests + 1);
  EXPECT_GT(after.request_bytes, before.request_bytes);
  EXPECT_LT(after.request_bytes - before.request_bytes, kMostBytes);
  EXPECT_EQ(emulator.journal().back().digest, crypto::to_base64(sha256(document)));
}

TEST(WireTest, NoByteOfTheDocumentReachesTheAppliance) {
  const Emulator emulator({"rsa:2048:rsa", "ec:P-256:ec"});
  const TlsRecorder recorder(emulator.port());
  const ScratchFolder dir;
  write_config(dir / "client.toml",
               {{fmt::format("https://127.0.0.1:{}/dsa/v1", recorder.port()), {recorder.pin()}}},
               dir / "log");
  use_config(dir / "client.toml");
  Bytes document = marked_document(kDocumentSize);
  {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    const auto rsa = session.find_one({CKO_PRIVATE_KEY, "rsa", {}});
    const auto ec = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
    sign_in_chunks(session, CKM_SHA256_RSA_PKCS, rsa, document);
    sign_in_chunks(session, CKM_ECDSA_SHA256, ec, document);
    session.sign(CKM_SHA512_RSA_PKCS, rsa, document);
  }

  const std::string sent = recorder.received();
  EXPECT_EQ(occurrences(sent, "/signatures HTTP/1.1\r\n"), 3U);
  EXPECT_NE(sent.find(crypto::to_base64(sha256(document))), std::string::npos)
      << "the recorder is blind";
  for (const auto& form : forms_of_the_marker()) EXPECT_EQ(occurrences(sent, form), 0U);
}

}  // namespace
}  // namespace signet::tests
