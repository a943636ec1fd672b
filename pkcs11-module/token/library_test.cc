#include "pkcs11-module/token/library.h"

#include <gtest/gtest.h>

#include "dsa-transport/sign_record.h"
#include "dsa-transport/testing/fake_appliance.h"

namespace signet::token {
namespace {

using namespace std::chrono_literals;

class LibraryTest : public testing::Test {
 protected:
  static std::unique_ptr<Library> open() {
    config::Config config;
    config.tokens.emplace_back().label = "seal";
    config.tokens.back().user = "seal";
    const auto appliance = [](const config::TokenConfig&) {
      auto made = std::make_unique<transport::FakeAppliance>();
      appliance_ = made.get();
      return made;
    };
    const auto unchanged = [](const std::shared_ptr<crypto::Context>&) -> CkResult<void> {
      return success();
    };
    return Library::open(config, appliance, unchanged).value();
  }

  object::ObjectPtr note() const {
    CK_ULONG object_class = CKO_DATA;
    std::array wanted = {CK_ATTRIBUTE{CKA_CLASS, &object_class, sizeof object_class}};
    const auto attributes = object::read_template(wanted.data(), wanted.size()).value();
    return object::session_object(library_->token(0).value()->crypto_context(), attributes).value();
  }

  std::size_t objects() const {
    return library_->session_objects().find(0, object::AttributeSet(), true).size();
  }

  static inline transport::FakeAppliance* appliance_ = nullptr;  // the library's
  const std::unique_ptr<Library> library_ = open();
};

TEST_F(LibraryTest, ASessionObjectGoesWithItsSession) {
  const CK_SESSION_HANDLE handle = library_->open_session(0, CKF_SERIAL_SESSION).value();
  const auto session = library_->session(handle).value();
  const auto added = library_->add_session_object(handle, *session, note());
  ASSERT_TRUE(added);
  EXPECT_NE(library_->session_objects().get(0, added.value()), nullptr);
  ASSERT_TRUE(library_->close_session(handle));
  EXPECT_EQ(objects(), 0U);
}

// As when one thread closes the session while another one makes an object in it.
TEST_F(LibraryTest, ASessionThatIsClosedMeanwhileKeepsNoObject) {
  const CK_SESSION_HANDLE handle = library_->open_session(0, CKF_SERIAL_SESSION).value();
  const auto session = library_->session(handle).value();
  ASSERT_TRUE(library_->close_session(handle));
  const auto added = library_->add_session_object(handle, *session, note());
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().rv, CKR_SESSION_CLOSED);
  EXPECT_EQ(objects(), 0U);
}

TEST_F(LibraryTest, ASignatureOfARefusedBatchIsAskedForAgainAloneUnderItsOwnKey) {
  appliance_->set_account({.user = "seal", .password = "right"});
  const auto token = library_->token(0).value();
  const auto at_once = [](Role, const Token::LastStep& begin) { return begin(); };
  ASSERT_TRUE(
      library_->driver().finish(token->start_login(Role::user, "", Secret("right"), at_once)));
  transport::SignRequest alone;
  alone.key_id = appliance_->add_ec_key().id;
  alone.algorithm = crypto::Scheme::ecdsa;
  alone.hash = crypto::Hash::sha256;
  alone.digests = {Bytes(32, 1)};
  alone.idempotency_key = transport::lone_key("batch", 1);
  const auto first = appliance_->sign({"seal", Secret("right")}, alone, Deadline::after(20s));
  ASSERT_TRUE(first) << first.error().sentence;
  transport::SignRequest together = alone;
  together.digests = {Bytes(7, 1), Bytes(32, 1)};
  together.idempotency_key = "batch";
  const auto again =
      library_->driver().finish(token->start_sign_again(together, 1, Deadline::after(20s)));
  ASSERT_TRUE(again) << again.error().sentence;
  EXPECT_EQ(again.value().values, first.value().values) << "it is the same signature";
}

}  // namespace
}  // namespace signet::token
