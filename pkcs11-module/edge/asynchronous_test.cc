// Asynchronous sessions (PKCS#11 3.2): which calls are pending, and what their outcomes are.

#include "pkcs11-module/edge/testing/asynchronous.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "pkcs11-module/edge/testing/certificates.h"

namespace signet::edge::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(AsynchronousSession, IsShownByTokenAndSession) {
  CK_TOKEN_INFO token{};
  ASSERT_EQ(C_GetTokenInfo(kSlot, &token), CKR_OK);
  EXPECT_NE(token.flags & CKF_ASYNC_SESSION_SUPPORTED, 0U);
  CK_SESSION_INFO info{};
  ASSERT_EQ(C_GetSessionInfo(session_, &info), CKR_OK);
  EXPECT_EQ(info.flags, CKF_SERIAL_SESSION | CKF_RW_SESSION | CKF_ASYNC_SESSION);
  ASSERT_EQ(C_GetSessionInfo(usual_, &info), CKR_OK);
  EXPECT_EQ(info.flags, CKF_SERIAL_SESSION | CKF_RW_SESSION);
}

TEST_F(AsynchronousSession, ASignatureIsPendingUntilTheApplianceHasAnswered) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  CK_ASYNC_DATA data{99, nullptr, 98, 97, 96};
  for (int round = 0; round < 5; ++round) {
    ASSERT_EQ(complete(session_, "C_Sign", &data), CKR_PENDING);
    EXPECT_EQ(data.ulVersion, 99U) << "not touched";
    EXPECT_EQ(data.ulValue, 98U);
    EXPECT_EQ(data.hObject, 97U);
    EXPECT_EQ(data.hAdditionalObject, 96U);
  }
  setup_.appliance().let_go(Call::sign);
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(data.pValue, signature_.data());
  EXPECT_EQ(data.hObject, 0U);
  expect_good(data);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED)
      << "it is delivered once";
}

TEST_F(AsynchronousSession, ASynchronousSessionNeverSeesPending) {
  begin(usual_);
  EXPECT_EQ(sign(usual_), CKR_OK);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(usual_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
}

TEST_F(AsynchronousSession, LengthQueriesAndShortBuffersAreAnsweredAtOnce) {
  begin(session_);
  CK_ULONG size = 0;
  EXPECT_EQ(C_Sign(session_, digest_.data(), digest_.size(), nullptr, &size), CKR_OK);
  EXPECT_EQ(size, 64U);
  size = 63;
  EXPECT_EQ(C_Sign(session_, digest_.data(), digest_.size(), signature_.data(), &size),
            CKR_BUFFER_TOO_SMALL);
  EXPECT_EQ(sign(session_), CKR_PENDING) << "the operation went on";
  CK_ASYNC_DATA data{};
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_OK);
}

// The buffer cannot be written until the signature is fetched: any other write would end the process.
TEST_F(AsynchronousSession, TheBufferIsWrittenWhenTheSignatureIsFetchedAndNotBefore) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const guarded =
      mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(guarded, MAP_FAILED);
  begin(session_);
  ASSERT_EQ(mprotect(guarded, page, PROT_NONE), 0);
  CK_ULONG size = 64;
  ASSERT_EQ(
      C_Sign(session_, digest_.data(), digest_.size(), static_cast<CK_BYTE_PTR>(guarded), &size),
      CKR_PENDING);
  // It is there by now; many calls have looked after it.
  CK_SESSION_INFO info{};
  for (int round = 0; round < 50; ++round) {
    ASSERT_EQ(C_GetSessionInfo(session_, &info), CKR_OK);
    std::this_thread::sleep_for(200us);
  }
  EXPECT_EQ(size, 64U) << "its length is not written either";
  size = 12345;
  ASSERT_EQ(mprotect(guarded, page, PROT_READ | PROT_WRITE), 0);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(data.pValue, guarded);
  expect_good(data);
  EXPECT_EQ(size, 12345U);
  munmap(guarded, page);
}

TEST_F(AsynchronousSession, EachWayOfSigningHasItsName) {
  CK_ASYNC_DATA data{};
  begin(session_);
  ASSERT_EQ(C_SignUpdate(session_, digest_.data(), 16), CKR_OK);
  ASSERT_EQ(C_SignUpdate(session_, digest_.data() + 16, 16), CKR_OK);
  size_ = 64;
  ASSERT_EQ(C_SignFinal(session_, signature_.data(), &size_), CKR_PENDING);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
  ASSERT_EQ(await(session_, "C_SignFinal", &data), CKR_OK);
  expect_good(data);
  CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
  ASSERT_EQ(C_MessageSignInit(session_, &ecdsa, ec_), CKR_OK);
  for (int message = 0; message < 3; ++message) {
    ASSERT_EQ(C_SignMessage(session_, nullptr, 0, digest_.data(), digest_.size(), signature_.data(),
                            &size_),
              CKR_PENDING);
    ASSERT_EQ(await(session_, "C_SignMessage", &data), CKR_OK);
    expect_good(data);
  }
  // By parts it is synchronous.
  ASSERT_EQ(C_SignMessageBegin(session_, nullptr, 0), CKR_OK);
  ASSERT_EQ(C_SignMessageNext(session_, nullptr, 0, digest_.data(), digest_.size(),
                              signature_.data(), &size_),
            CKR_OK);
  EXPECT_EQ(C_MessageSignFinal(session_), CKR_OK);
}

TEST_F(AsynchronousSession, ASecondOneOfTheKindIsRefusedAndOtherKindsGoOn) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
  EXPECT_EQ(C_SignInit(session_, &ecdsa, ec_), CKR_OPERATION_ACTIVE);
  EXPECT_EQ(sign(session_), CKR_OPERATION_ACTIVE);
  EXPECT_EQ(C_SignUpdate(session_, digest_.data(), 1), CKR_OPERATION_ACTIVE);
  EXPECT_EQ(C_SignFinal(session_, signature_.data(), &size_), CKR_OPERATION_ACTIVE);
  Bytes other(64);
  size_ = 64;
  ASSERT_EQ(C_MessageSignInit(session_, &ecdsa, ec_), CKR_OK);
  ASSERT_EQ(C_SignMessage(session_, nullptr, 0, digest_.data(), 32, other.data(), &size_),
            CKR_PENDING);
  EXPECT_EQ(C_SignMessage(session_, nullptr, 0, digest_.data(), 32, other.data(), &size_),
            CKR_OPERATION_ACTIVE);
  EXPECT_EQ(C_SignMessageBegin(session_, nullptr, 0), CKR_OPERATION_ACTIVE);
  EXPECT_EQ(C_MessageSignFinal(session_), CKR_OPERATION_ACTIVE);
  EXPECT_EQ(C_FindObjectsInit(session_, nullptr, 0), CKR_OK);
  EXPECT_EQ(C_FindObjectsFinal(session_), CKR_OK);
  setup_.appliance().let_go(Call::sign);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_SignMessage", &data), CKR_OK);
  EXPECT_EQ(data.pValue, other.data());
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(C_MessageSignFinal(session_), CKR_OK);
}

TEST_F(AsynchronousSession, AnErrorComesWithTheBufferThatIsFreeAgain) {
  setup_.appliance().hold(Call::sign);
  setup_.appliance().fail_next(Call::sign, transport::Failure::appliance_fault);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  setup_.appliance().let_go(Call::sign);
  CK_ASYNC_DATA data{1, nullptr, 1, 1, 1};
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_DEVICE_ERROR);
  EXPECT_EQ(data.pValue, signature_.data());
  EXPECT_EQ(data.ulValue, 0U);
  EXPECT_EQ(data.hObject, 0U);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
}

TEST_F(AsynchronousSession, AWrongSignatureIsNotHandedOut) {
  setup_.appliance().spoil_next_signature(transport::FakeAppliance::Spoil::bit_flip);
  begin(session_);
  const Bytes before = signature_;
  ASSERT_EQ(sign(session_), CKR_PENDING);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_DEVICE_ERROR);
  EXPECT_EQ(signature_, before);
}

TEST_F(AsynchronousSession, WithoutALoginNothingIsPending) {
  begin(session_);
  ASSERT_EQ(C_Logout(usual_), CKR_OK);
  EXPECT_EQ(sign(session_), CKR_OPERATION_NOT_INITIALIZED) << "the logout has ended it";
}

TEST_F(AsynchronousSession, ArgumentsOfTheCompletion) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(session_, "C_Sign", nullptr), CKR_ARGUMENTS_BAD) << "it has output";
  EXPECT_EQ(C_AsyncComplete(session_, nullptr, &data), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(complete(session_, "", &data), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(complete(session_, "c_sign", &data), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(complete(session_, "C_GenerateKeyPair", &data), CKR_OPERATION_NOT_INITIALIZED);
  EXPECT_EQ(complete(usual_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
  EXPECT_EQ(complete(session_ + 4711, "C_Sign", &data), CKR_SESSION_HANDLE_INVALID);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_PENDING) << "none of it has ended it";
  setup_.appliance().let_go(Call::sign);
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_OK);
}

TEST_F(AsynchronousSession, AKeyPairGivesThePublicKeyAndThenThePrivateOne) {
  setup_.appliance().hold(Call::generate_key);
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
  CK_OBJECT_HANDLE public_key = 4711;
  CK_OBJECT_HANDLE private_key = 4712;
  const auto generate = [&] {
    return C_GenerateKeyPair(session_, &mechanism, &curve, 1, nullptr, 0, &public_key,
                             &private_key);
  };
  ASSERT_EQ(generate(), CKR_PENDING);
  EXPECT_EQ(generate(), CKR_OPERATION_ACTIVE);
  setup_.appliance().let_go(Call::generate_key);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(session_, "C_GenerateKeyPair", nullptr), CKR_ARGUMENTS_BAD);
  ASSERT_EQ(await(session_, "C_GenerateKeyPair", &data), CKR_OK);
  EXPECT_EQ(public_key, 4711U) << "the pointers of the call may be gone";
  EXPECT_EQ(private_key, 4712U);
  EXPECT_EQ(data.pValue, nullptr);
  const auto class_of = [&](CK_OBJECT_HANDLE object) {
    CK_OBJECT_CLASS found = 0;
    std::memcpy(&found, attribute(usual_, object, CKA_CLASS).data(), sizeof found);
    return found;
  };
  EXPECT_EQ(class_of(data.hObject), CKO_PUBLIC_KEY);
  EXPECT_EQ(class_of(data.hAdditionalObject), CKO_PRIVATE_KEY);
}

TEST_F(AsynchronousSession, CallsWithoutOutputNeedNoPlaceForIt) {
  auto& appliance = setup_.appliance();
  const CK_OBJECT_HANDLE key = ModuleSetup::make_spare_key(usual_);
  Bytes label = copy_of(view_of("renamed"));
  CK_ATTRIBUTE change{CKA_LABEL, label.data(), label.size()};
  appliance.hold(Call::update_key);
  ASSERT_EQ(C_SetAttributeValue(session_, key, &change, 1), CKR_PENDING);
  EXPECT_EQ(complete(session_, "C_SetAttributeValue", nullptr), CKR_PENDING);
  appliance.let_go(Call::update_key);
  EXPECT_EQ(await(session_, "C_SetAttributeValue", nullptr), CKR_OK);
  EXPECT_EQ(attribute(usual_, key, CKA_LABEL), label);

  appliance.hold(Call::delete_key);
  ASSERT_EQ(C_DestroyObject(session_, key), CKR_PENDING);
  appliance.let_go(Call::delete_key);
  CK_ASYNC_DATA data{1, signature_.data(), 1, 1, 1};
  EXPECT_EQ(await(session_, "C_DestroyObject", &data), CKR_OK);
  EXPECT_EQ(data.pValue, nullptr);
  EXPECT_EQ(data.hObject, 0U);

  Bytes old_pin = copy_of(view_of(kPin));
  Bytes new_pin = copy_of(view_of("another"));
  appliance.hold(Call::change_password);
  ASSERT_EQ(C_SetPIN(session_, old_pin.data(), old_pin.size(), new_pin.data(), new_pin.size()),
            CKR_PENDING);
  appliance.let_go(Call::change_password);
  EXPECT_EQ(await(session_, "C_SetPIN", nullptr), CKR_OK);
}

TEST_F(AsynchronousSession, ACertificateOnTheTokenIsStored) {
  CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE;
  transport::KeySpec spec;
  spec.type = transport::KeyType::ec;
  Bytes der = self_signed(transport::make_fake_key(spec).get(), "new");
  std::array<CK_ATTRIBUTE, 4> wanted{{{CKA_CLASS, &object_class, sizeof object_class},
                                      {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                      {CKA_TOKEN, &yes, sizeof yes},
                                      {CKA_VALUE, der.data(), der.size()}}};
  setup_.appliance().hold(Call::import_certificate);
  CK_OBJECT_HANDLE handle = 4711;
  ASSERT_EQ(C_CreateObject(session_, wanted.data(), wanted.size(), &handle), CKR_PENDING);
  setup_.appliance().let_go(Call::import_certificate);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_CreateObject", &data), CKR_OK);
  EXPECT_EQ(handle, 4711U);
  EXPECT_EQ(attribute(usual_, data.hObject, CKA_VALUE), der);
  // A session object needs nobody.
  CK_BBOOL no = CK_FALSE;
  wanted[2].pValue = &no;
  EXPECT_EQ(C_CreateObject(session_, wanted.data(), wanted.size(), &handle), CKR_OK);
}

TEST_F(AsynchronousSession, ALoginIsOneWhenItsAnswerIsThere) {
  ASSERT_EQ(C_Logout(usual_), CKR_OK);
  Bytes pin = copy_of(view_of(kPin));
  setup_.appliance().hold(Call::account);
  ASSERT_EQ(C_Login(session_, CKU_USER, pin.data(), pin.size()), CKR_PENDING);
  EXPECT_EQ(state_of(session_), CKS_RW_PUBLIC_SESSION);
  EXPECT_EQ(C_Login(session_, CKU_USER, pin.data(), pin.size()), CKR_OPERATION_ACTIVE);
  setup_.appliance().let_go(Call::account);
  ASSERT_EQ(await(session_, "C_Login", nullptr), CKR_OK);
  EXPECT_EQ(state_of(session_), CKS_RW_USER_FUNCTIONS);
  EXPECT_EQ(C_Login(session_, CKU_USER, pin.data(), pin.size()), CKR_USER_ALREADY_LOGGED_IN)
      << "without a request, and so at once";
  ASSERT_EQ(C_Logout(usual_), CKR_OK);
  Bytes wrong = copy_of(view_of("wrong"));
  setup_.appliance().hold(Call::account);
  ASSERT_EQ(C_Login(session_, CKU_USER, wrong.data(), wrong.size()), CKR_PENDING);
  setup_.appliance().let_go(Call::account);
  EXPECT_EQ(await(session_, "C_Login", nullptr), CKR_PIN_INCORRECT);
}

}  // namespace
}  // namespace signet::edge::testing
