#include "pkcs11-module/token/library.h"

#include <gtest/gtest.h>

#include "dsa-transport/testing/fake_appliance.h"

namespace signet::token {
namespace {

class LibraryTest : public testing::Test {
 protected:
  static std::unique_ptr<Library> open() {
    config::Config config;
    config.tokens.emplace_back().label = "seal";
    const auto appliance = [](const config::TokenConfig&) {
      return std::make_unique<transport::FakeAppliance>();
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

}  // namespace
}  // namespace signet::token
