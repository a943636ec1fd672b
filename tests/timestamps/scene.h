// One test authority for a whole test program, and clients of it.
#ifndef SIGNET_TESTS_TIMESTAMPS_SCENE_H_
#define SIGNET_TESTS_TIMESTAMPS_SCENE_H_

#include <memory>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "tests/support/files.h"
#include "tests/support/test_authority.h"
#include "timestamps/client.h"

namespace signet::tests {

inline std::shared_ptr<crypto::Context> stamp_context() {
  static const auto context = crypto::Context::create().value();
  return context;
}

// Started when it is needed first, and ended with the program.
inline TestAuthority& test_authority() {
  static TestAuthority authority;
  return authority;
}

inline Bytes digest_of_text(std::string_view text, crypto::Hash hash = crypto::Hash::sha256) {
  return crypto::digest_of(stamp_context(), hash, view_of(text)).value();
}

inline std::shared_ptr<const timestamps::TrustAnchors> test_anchors() {
  static const auto anchors =
      timestamps::TrustAnchors::from_pem(stamp_context(), read_file(test_authority().ca_file()))
          .value();
  return anchors;
}

// "wrong-nonce" stands for the authority at /tsa/wrong-nonce; "" for the sound one at /tsa.
inline std::string stamp_path(const std::string& name) {
  return name.empty() ? "/tsa" : "/tsa/" + name;
}

inline timestamps::Authority authority_named(const std::string& name) {
  timestamps::Authority authority;
  authority.url = test_authority().url() + stamp_path(name);
  authority.name = name.empty() ? "sound" : name;
  authority.trusted = test_anchors();
  return authority;
}

inline timestamps::ClientOptions client_options() {
  return {.user_agent = "signet-test"};
}

inline std::unique_ptr<timestamps::Client> client_of(
    std::vector<timestamps::Authority> authorities) {
  return std::make_unique<timestamps::Client>(std::move(authorities), stamp_context(),
                                              client_options());
}

inline std::unique_ptr<timestamps::Client> client_of_named(const std::vector<std::string>& names) {
  std::vector<timestamps::Authority> authorities;
  for (const auto& name : names) authorities.push_back(authority_named(name));
  return client_of(std::move(authorities));
}

}  // namespace signet::tests

#endif  // SIGNET_TESTS_TIMESTAMPS_SCENE_H_
