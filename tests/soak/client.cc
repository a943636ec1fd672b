#include "tests/soak/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "tests/support/x509.h"

namespace signet::tests {
namespace {

// Calls are refused at once while both members are known to be down: callers wait then.
constexpr Milliseconds kPauseInOutage{200};

long long since(SteadyTime began) {
  const auto span = std::chrono::steady_clock::now() - began;
  return std::chrono::duration_cast<Milliseconds>(span).count();
}

// One of many: what the appliance makes of the same question over and over is not of interest.
CK_RV code_of(const std::function<void()>& work) {
  try {
    work();
    return CKR_OK;
  } catch (const CryptokiError& error) {
    return error.code();
  }
}

}  // namespace

std::string churn_label(int churner) {
  return fmt::format("churn {}", churner);
}

void Pause::keep(const std::atomic<bool>& stop) {
  if (!on_) return;
  ++workers_;
  while (on_ && !stop) std::this_thread::sleep_for(Milliseconds(10));
  --workers_;
}

Client::Client(const LoadedModule& module, const RecordWriter& records, std::string name,
               std::string pin, const std::atomic<bool>& stop, Pause& pause)
    : module_(module),
      records_(records),
      name_(std::move(name)),
      pin_(std::move(pin)),
      stop_(stop),
      pause_(pause) {}

bool Client::tried(const char* function, const std::function<CK_RV()>& call) const {
  const auto began = std::chrono::steady_clock::now();
  const CK_RV code = call();
  note(fmt::format("call {} {} {}", function, code, since(began)));
  if (code == CKR_DEVICE_REMOVED) std::this_thread::sleep_for(kPauseInOutage);
  return code == CKR_OK;
}

void Client::log_in(Session& session) const {
  const auto enter = [&] {
    const CK_RV code = session.try_login(pin_);
    return code == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : code;
  };
  while (!tried("C_Login", enter)) {
    if (stop_) throw CryptokiError("C_Login", CKR_DEVICE_REMOVED);
    std::this_thread::sleep_for(kPauseInOutage);
  }
}

void Client::sign(Session& session, CK_OBJECT_HANDLE key, const std::string& who,
                  int number) const {
  const auto message = fmt::format("{}/{}/{}", name_, who, number);
  note("begin " + message);
  const auto call = sign_once(session, key, message);
  note(fmt::format("sign {} {} {} {}", message, call.code, call.took.count(),
                   call.signature.empty() ? "-" : to_hex(call.signature)));
  if (call.code == CKR_DEVICE_REMOVED) std::this_thread::sleep_for(kPauseInOutage);
  if (call.code == CKR_CRYPTOKI_NOT_INITIALIZED) throw CryptokiError("C_Sign", call.code);
}

void Client::log_in_sign_and_out(Session& session, const std::string& who, int number) const {
  if (!tried("C_Login", [&] { return session.try_login(pin_); })) return;
  try {
    sign(session, session.find_one({CKO_PRIVATE_KEY, "signer", {}}), who, number);
  } catch (const CryptokiError& error) {  // or the token would stay logged in
    note(fmt::format("call {} {} 0", who, error.code()));
  }
  expect_ok(module_->C_Logout(session.handle()), "C_Logout");
}

bool Client::destroy(Session& session, CK_OBJECT_HANDLE object) const {
  return tried("C_DestroyObject",
               [&] { return module_->C_DestroyObject(session.handle(), object); });
}

// What an earlier turn made without hearing of it, or could not destroy.
void Client::sweep(Session& session, const std::string& prefix) const {
  for (const auto key : session.find({CKO_PRIVATE_KEY, {}, {}})) {
    const auto label = std::string(text_of(session.attribute(key, CKA_LABEL)));
    if (!label.starts_with(prefix)) continue;
    note("destroying " + label);
    if (destroy(session, key)) note("destroyed " + label);
  }
}

void Client::make_and_destroy_key(Session& session, const std::string& who, int number) const {
  const auto prefix = fmt::format("{}/{}/", name_, who);
  const auto label = prefix + std::to_string(number);
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  const bool made = tried("C_GenerateKeyPair", [&] {
    return code_of([&] { key = session.generate(KeyKind::p256, label, copy_of(view_of(label))); });
  });
  if (made) {
    const auto public_key = session.find_one({CKO_PUBLIC_KEY, label, {}});
    note(fmt::format("made {} {}", label, to_hex(session.attribute(public_key, CKA_EC_POINT))));
    // Every tenth stays for a while, and for the reckoning at the end.
    if (number % 10 == 0) return;
    note("destroying " + label);
    if (destroy(session, key)) note("destroyed " + label);
  }
  if (number % 10 == 9) sweep(session, prefix);
}

void Client::store_and_destroy_certificate(Session& session, const std::string& who,
                                           int number) const {
  const auto prefix = fmt::format("{}/{}/", name_, who);
  const auto label = prefix + std::to_string(number);
  const auto signer = session.find_one({CKO_PUBLIC_KEY, "signer", {}});
  const Bytes der =
      certificate_for(p256_public_key(session.attribute(signer, CKA_EC_POINT)), label);
  tried("C_CreateObject", [&] {
    return code_of([&] { session.write_certificate(der, label, copy_of(view_of(label))); });
  });
  for (const auto object : session.find({CKO_CERTIFICATE, {}, {}})) {
    const auto found = std::string(text_of(session.attribute(object, CKA_LABEL)));
    if (found.starts_with(prefix)) destroy(session, object);
  }
}

void Client::look_around(Session& session) const {
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  session.attribute(key, CKA_EC_POINT);
  session.find({CKO_CERTIFICATE, {}, {}});
  const Session another(module_);
  CK_SESSION_INFO info{};
  expect_ok(module_->C_GetSessionInfo(another.handle(), &info), "C_GetSessionInfo");
  CK_TOKEN_INFO token{};
  expect_ok(module_->C_GetTokenInfo(info.slotID, &token), "C_GetTokenInfo");
  std::array<CK_BYTE, 32> random{};
  expect_ok(module_->C_GenerateRandom(another.handle(), random.data(), random.size()),
            "C_GenerateRandom");
}

void Client::go_on(const std::string& who, Milliseconds pause,
                   const std::function<void(int number)>& turn) const {
  for (int number = 0; !stop_; ++number) {
    pause_.keep(stop_);
    try {
      turn(number);
    } catch (const CryptokiError& error) {
      if (error.code() == CKR_CRYPTOKI_NOT_INITIALIZED) return;
      note(fmt::format("call {} {} 0", who, error.code()));
    } catch (const std::exception& error) {
      note(fmt::format("trouble {}: {}", who, error.what()));
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace signet::tests
