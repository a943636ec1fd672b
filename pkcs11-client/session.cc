#include "pkcs11-client/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "common/clock.h"
#include "common/pid_lock.h"

namespace signet::pkcs11 {

namespace {

struct WrongPin {
  TokenName token;
  Secret pin;
};

// One login at a time in this process: many connections begin together, and a token locks itself after a few wrong
// PINs, so that each must know what became of the one before. A fork cannot leave it taken.
constinit PidLock login_lock;

class LoginTurn {
 public:
  LoginTurn() {
    constexpr Milliseconds pause{2};  // a smart card takes a second
    while (!login_lock.try_lock()) std::this_thread::sleep_for(pause);
  }
  ~LoginTurn() { login_lock.unlock(); }
  LoginTurn(const LoginTurn&) = delete;
  LoginTurn& operator=(const LoginTurn&) = delete;
};

// For who has the turn. Never destroyed: threads of the host may be here while it exits.
std::vector<WrongPin>& wrong_pins() {
  static auto* const kPins = new std::vector<WrongPin>();
  return *kPins;
}

bool is_known_as_wrong(const TokenName& token, const Secret& pin) {
  return std::ranges::any_of(wrong_pins(), [&](const WrongPin& wrong) {
    return wrong.token == token && wrong.pin == pin;
  });
}

}  // namespace

CK_RV TokenSession::login_as(CK_USER_TYPE user, const std::optional<Secret>& secret) const {
  if (!secret) return functions().C_Login(session_, user, nullptr, 0);
  // PKCS#11 takes PINs through a pointer to non-const bytes, and does not change them.
  return functions().C_Login(session_, user, const_cast<CK_UTF8CHAR*>(secret->reveal().data()),
                             secret->size());
}

TokenResult<std::unique_ptr<TokenSession>> TokenSession::open(std::shared_ptr<Module> module,
                                                              const TokenInfo& info,
                                                              CK_FLAGS flags) {
  std::unique_ptr<TokenSession> made(new TokenSession(std::move(module), info));
  const CK_RV rv = made->functions().C_OpenSession(info.slot, flags | CKF_SERIAL_SESSION, nullptr,
                                                   nullptr, &made->session_);
  if (rv != CKR_OK) {
    made->session_ = CK_INVALID_HANDLE;
    return token_error(rv, fmt::format("the token \"{}\" cannot be opened", info.label));
  }
  return made;
}

TokenResult<std::unique_ptr<TokenSession>> TokenSession::open(std::shared_ptr<Module> module,
                                                              const TokenInfo& info,
                                                              const PinProvider& pin) {
  BOOST_OUTCOME_TRY(auto made, open(std::move(module), info, CKF_RW_SESSION));
  BOOST_OUTCOME_TRY(made->login(pin));
  return made;
}

TokenResult<std::unique_ptr<TokenSession>> TokenSession::open_public(std::shared_ptr<Module> module,
                                                                     const TokenInfo& info) {
  return open(std::move(module), info, CK_FLAGS{0});
}

TokenSession::~TokenSession() {
  if (session_ != CK_INVALID_HANDLE) functions().C_CloseSession(session_);
}

TokenResult<void> TokenSession::login(const PinProvider& pin) {
  if ((info_.flags & CKF_LOGIN_REQUIRED) == 0) return success();
  BOOST_OUTCOME_TRY(const auto secret, pin(info_));
  const LoginTurn turn;
  if (secret && is_known_as_wrong(info_, *secret)) {
    return token_error(
        Reason::pin, fmt::format("the token \"{}\" refused this PIN before; it is not tried again",
                                 info_.label));
  }
  const CK_RV rv = login_as(CKU_USER, secret);
  if (rv == CKR_USER_ALREADY_LOGGED_IN) return success();
  if (rv == CKR_PIN_INCORRECT && secret) wrong_pins().push_back({info_, *secret});
  if (rv != CKR_OK)
    return token_error(rv, fmt::format("no login to the token \"{}\"", info_.label));
  return success();
}

TokenResult<void> TokenSession::login_again(const PinProvider& pin) {
  functions().C_Logout(session_);  // that nobody was logged in is as good
  return login(pin);
}

}  // namespace signet::pkcs11
