// Signatures through services that sign wrongly: what the module hands out is a signature by the key that was asked for over
// the data that was given, or nothing.
#ifndef SIGNET_TESTS_PROCESS_HOSTILE_SIGNATURES_H_
#define SIGNET_TESTS_PROCESS_HOSTILE_SIGNATURES_H_

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/process/bounded_calls.h"
#include "tests/process/hostile_server.h"
#include "tests/process/signing_key.h"
#include "tests/support/module.h"

namespace signet::tests {

inline constexpr std::chrono::milliseconds kSignLimit{2000};  // of a call, as configured

// What a peer answers in place of an honest signature over a digest.
using Forge = std::function<Bytes(const SigningKey& key, const Bytes& digest)>;
struct ForgeRow {
  std::string name;
  Forge forge;
};

// Wrong ones, of either kind of key.
std::vector<ForgeRow> common_forgeries(SigningKey::Kind kind);

// Like this one, but for its last bit.
Bytes other_digest(const Bytes& digest);

// A key that is not the one which is asked for.
SigningKeyPtr other_key(SigningKey::Kind kind);

// C_SignInit and C_Sign over a document, and the code of the call that failed. A signature that is not by `expected` fails the
// test.
CK_RV sign_once(Session& session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism,
                const SigningKey& expected, const std::string& document);

class HostileSignatureTest : public testing::Test {
 protected:
  // Signs the documents "sign" and "sign again" with the key "signer" through that service, in a process of its own; what
  // C_Sign answered must be `expected`.
  void sign_through(const HostileServer::Handler& handler, const BoundedToken& token,
                    std::string_view path, SigningKey::Kind kind, CK_RV expected) const;

  const SigningKeyPtr& key_of(SigningKey::Kind kind) const {
    return kind == SigningKey::Kind::p256 ? ec_ : rsa_;
  }

  const SigningKeyPtr ec_ = std::make_shared<SigningKey>(SigningKey::Kind::p256, "signer");
  const SigningKeyPtr rsa_ = std::make_shared<SigningKey>(SigningKey::Kind::rsa_2048, "signer");
  const ScratchFolder folder_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_HOSTILE_SIGNATURES_H_
