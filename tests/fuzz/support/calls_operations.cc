// The instructions that digest, sign and verify, and those about the appliance.
#include "tests/fuzz/support/calls_program.h"
#include "tests/fuzz/support/fuzzed_module.h"

namespace signet::fuzz {
namespace {

using transport::Failure;
using transport::FakeAppliance;

constexpr std::size_t kSizes[] = {0, 20, 32, 48, 64, 256};

Bytes data_of(Input& input) {
  const std::size_t choice = input.byte();
  if (choice >= std::size(kSizes)) return input.bytes(choice);
  Bytes bytes = input.bytes(kSizes[choice]);
  bytes.resize(kSizes[choice]);
  return bytes;
}

}  // namespace

CK_RV Program::with_output(const std::function<CK_RV(CK_BYTE_PTR, CK_ULONG_PTR)>& call,
                           bool is_signature) {
  const std::size_t form = input_.byte();
  const unsigned asked = setup().appliance().calls(FakeAppliance::Call::sign);
  const Memory room(form < 200 ? 512 : form - 200);
  CK_ULONG size = room.size();
  CK_BYTE* const buffer = form == 255 ? nullptr : room.data();
  const CK_RV rv = call(buffer, form == 254 ? nullptr : &size);
  const bool written = rv == CKR_OK && buffer != nullptr && form != 254;
  require(room.whole(written ? size : 0), "nothing is written beyond the output");
  // Other threads ask the appliance, too.
  if (!alone_ || !is_signature) return rv;
  const unsigned requests = setup().appliance().calls(FakeAppliance::Call::sign) - asked;
  require(requests <= 1, "a signature is one request");
  if (!written || requests == 0) return rv;
  const auto request = setup().appliance().sign_requests().back();
  require(is_good_signature(request, room.view().first(size)), "no wrong signature is handed out");
  return rv;
}

void Program::digest() {
  const CK_SESSION_HANDLE in = session();
  Bytes data;
  switch (input_.below(4)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_DigestInit, in, mechanism.get());
      break;
    }
    case 1:
      data = data_of(input_);
      SIGNET_CALL(C_DigestUpdate, in, data.data(), data.size());
      break;
    case 2:
      data = data_of(input_);
      with_output(
          [&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
            return SIGNET_CALL(C_Digest, in, data.data(), data.size(), out, size);
          },
          false);
      break;
    default:
      with_output([&](CK_BYTE_PTR out,
                      CK_ULONG_PTR size) { return SIGNET_CALL(C_DigestFinal, in, out, size); },
                  false);
  }
}

void Program::sign() {
  const CK_SESSION_HANDLE in = session();
  Bytes data;
  switch (input_.below(4)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_SignInit, in, mechanism.get(), object());
      break;
    }
    case 1:
      data = data_of(input_);
      SIGNET_CALL(C_SignUpdate, in, data.data(), data.size());
      break;
    case 2:
      data = data_of(input_);
      with_output(
          [&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
            return SIGNET_CALL(C_Sign, in, data.data(), data.size(), out, size);
          },
          true);
      break;
    default:
      with_output([&](CK_BYTE_PTR out,
                      CK_ULONG_PTR size) { return SIGNET_CALL(C_SignFinal, in, out, size); },
                  true);
  }
}

void Program::sign_at_once() {
  const CK_SESSION_HANDLE in = session();
  MechanismArgument mechanism(input_);
  if (SIGNET_CALL(C_SignInit, in, mechanism.get(), object()) != CKR_OK) return;
  if (input_.flag()) {
    Bytes secret = pin();
    SIGNET_CALL(C_Login, in, CKU_CONTEXT_SPECIFIC, secret.data(), secret.size());
  }
  Bytes data = data_of(input_);
  with_output(
      [&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
        return SIGNET_CALL(C_Sign, in, data.data(), data.size(), out, size);
      },
      true);
}

void Program::verify() {
  const CK_SESSION_HANDLE in = session();
  Bytes data = data_of(input_);
  Bytes signature;
  switch (input_.below(4)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_VerifyInit, in, mechanism.get(), object());
      break;
    }
    case 1:
      SIGNET_CALL(C_VerifyUpdate, in, data.data(), data.size());
      break;
    case 2:
      signature = data_of(input_);
      SIGNET_CALL(C_Verify, in, data.data(), data.size(), signature.data(), signature.size());
      break;
    default:
      SIGNET_CALL(C_VerifyFinal, in, data.data(), data.size());
  }
}

void Program::verify_signature() {
  const CK_SESSION_HANDLE in = session();
  Bytes data = data_of(input_);
  switch (input_.below(4)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_VerifySignatureInit, in, mechanism.get(), object(), data.data(), data.size());
      break;
    }
    case 1:
      SIGNET_CALL(C_VerifySignatureUpdate, in, data.data(), data.size());
      break;
    case 2:
      SIGNET_CALL(C_VerifySignature, in, data.data(), data.size());
      break;
    default:
      SIGNET_CALL(C_VerifySignatureFinal, in);
  }
}

void Program::message_sign() {
  const CK_SESSION_HANDLE in = session();
  Bytes data;
  Bytes parameter(input_.below(8) == 0 ? 1 : 0);
  switch (input_.below(6)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_MessageSignInit, in, mechanism.get(), object());
      break;
    }
    case 1:
      data = data_of(input_);
      with_output(
          [&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
            return SIGNET_CALL(C_SignMessage, in, parameter.data(), parameter.size(), data.data(),
                               data.size(), out, size);
          },
          true);
      break;
    case 2:
      SIGNET_CALL(C_SignMessageBegin, in, parameter.data(), parameter.size());
      break;
    case 3:
      data = data_of(input_);
      SIGNET_CALL(C_SignMessageNext, in, parameter.data(), parameter.size(), data.data(),
                  data.size(), nullptr, nullptr);
      break;
    case 4:
      data = data_of(input_);
      with_output(
          [&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
            return SIGNET_CALL(C_SignMessageNext, in, parameter.data(), parameter.size(),
                               data.data(), data.size(), out, size);
          },
          true);
      break;
    default:
      SIGNET_CALL(C_MessageSignFinal, in);
  }
}

void Program::message_verify() {
  const CK_SESSION_HANDLE in = session();
  Bytes data = data_of(input_);
  Bytes signature;
  switch (input_.below(5)) {
    case 0: {
      MechanismArgument mechanism(input_);
      SIGNET_CALL(C_MessageVerifyInit, in, mechanism.get(), object());
      break;
    }
    case 1:
      signature = data_of(input_);
      SIGNET_CALL(C_VerifyMessage, in, nullptr, 0, data.data(), data.size(), signature.data(),
                  signature.size());
      break;
    case 2:
      SIGNET_CALL(C_VerifyMessageBegin, in, nullptr, 0);
      break;
    case 3:
      signature = data_of(input_);
      SIGNET_CALL(C_VerifyMessageNext, in, nullptr, 0, data.data(), data.size(),
                  signature.empty() ? nullptr : signature.data(), signature.size());
      break;
    default:
      SIGNET_CALL(C_MessageVerifyFinal, in);
  }
}

void Program::appliance_fails() {
  constexpr std::size_t calls = static_cast<std::size_t>(FakeAppliance::Call::last) + 1;
  constexpr std::size_t failures = static_cast<std::size_t>(Failure::timed_out) + 1;
  const auto call = static_cast<FakeAppliance::Call>(input_.below(calls));
  setup().appliance().fail_next(call, static_cast<Failure>(input_.below(failures)));
}

void Program::appliance_spoils() {
  using Spoil = FakeAppliance::Spoil;
  constexpr Spoil kinds[] = {Spoil::bit_flip, Spoil::other_key, Spoil::other_digest,
                             Spoil::cut_short};
  setup().appliance().spoil_next_signature(kinds[input_.below(std::size(kinds))]);
}

void Program::appliance_changes_account() {
  transport::FakeAccount account{.user = "seal", .password = edge::testing::kPin};
  const std::uint8_t change = input_.byte();
  account.expired = (change & 1U) != 0;
  account.disabled = (change & 2U) != 0;
  account.activated = (change & 4U) == 0;
  if ((change & 8U) != 0) account.wrong_passwords = 5;
  if ((change & 16U) != 0) account.password = "new";
  if ((change & 32U) != 0) account.sign_credential = transport::SignCredential::password;
  account.sign_password = "new";
  setup().appliance().set_account(account);
}

void Program::appliance_changes_keys() {
  constexpr const char* ids[] = {"00000001-0000-4000-8000-a00000000000",
                                 "00000002-0000-4000-8000-a00000000000"};
  FakeAppliance& appliance = setup().appliance();
  const transport::Credential who{"seal", Secret(edge::testing::kPin)};
  const Deadline soon = Deadline::after(Milliseconds(60'000));
  const char* const id = ids[input_.below(std::size(ids))];
  switch (input_.below(5)) {
    case 0:
      (void)appliance.delete_key(who, id, soon);
      break;
    case 1:
      (void)appliance.update_key(who, id, input_.bytes(input_.below(8)), {}, soon);
      break;
    case 2:
      (void)appliance.generate_key(
          who, {transport::KeyType::ec, 0, transport::Curve::p256, {}, {2}}, soon);
      break;
    case 3:
      appliance.set_object_limit(input_.below(12));
      break;
    default:
      (void)appliance.import_certificate(who, certificates()[input_.below(3)], {}, {}, soon);
  }
}

}  // namespace signet::fuzz
