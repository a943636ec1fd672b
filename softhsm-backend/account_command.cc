// `signet-emulator account`: shows, adds and changes accounts, also while servers run.
#include <iostream>
#include <stdexcept>

#include "common/clock.h"
#include "softhsm-backend/accounts.h"
#include "softhsm-backend/commands.h"
#include "softhsm-backend/csc/client_certificate.h"
#include "softhsm-backend/csc/grants.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/passwords.h"

namespace signet::emulator {

namespace {

constexpr std::int64_t kDay = 86'400'000;  // milliseconds
constexpr int kLongestExpiry = 36'500;     // days

struct AccountOptions {
  std::filesystem::path dir;
  std::string user;
  bool add = false;
  bool admin = false;
  std::filesystem::path password_file;
  bool lock = false;
  bool unlock = false;
  bool disable = false;
  bool enable = false;
  bool activate = false;
  bool deactivate = false;
  bool expire = false;
  std::optional<int> expires_in_days;
  std::optional<std::int64_t> key_limit;
  std::optional<std::int64_t> certificate_limit;
  std::string sign_credential;  // empty: as it is
  std::filesystem::path sign_password_file;
  std::string disable_key;  // key ids
  std::string enable_key;
  std::optional<std::int64_t> csc_scal;
  std::optional<std::int64_t> csc_multisign;
  std::string csc_auth;  // empty: as it is
  std::optional<std::int64_t> csc_delay;
  std::optional<std::int64_t> csc_token_life;
  std::filesystem::path csc_secret_file;
  std::filesystem::path client_certificate;
  bool csc_revoke = false;
};

void add(Database& database, const AccountOptions& options) {
  if (options.password_file.empty()) {
    throw std::runtime_error("--add needs --password-file with the new account's password");
  }
  Account account;
  account.user = options.user;
  account.common_name = options.user;
  account.administrator = options.admin;
  account.password_hash = hash_password(read_secret_file(options.password_file));
  if (!add_account(database, account)) {
    throw std::runtime_error("there is an account named " + options.user + " already");
  }
}

void set_column(Database& database, const AccountOptions& options, const char* column,
                std::optional<std::int64_t> value) {
  database.run("UPDATE accounts SET " + std::string(column) + " = ? WHERE user = ?", value,
               options.user);
}

// The sign credential at rest: a password's hash, or a shared secret in hexadecimal.
std::string sign_secret(const AccountOptions& options) {
  if (options.sign_credential == "none") return {};
  if (options.sign_password_file.empty()) {
    throw std::runtime_error("--sign-credential " + options.sign_credential +
                             " needs --sign-password-file");
  }
  const Secret given = read_secret_file(options.sign_password_file);
  if (options.sign_credential == "password") return hash_password(given);
  const auto shared = from_base32(text_of(given.reveal()));
  if (!shared || shared->empty()) {
    throw std::runtime_error(options.sign_password_file.string() +
                             " does not hold a shared secret in base32");
  }
  return to_hex(*shared);
}

void set_sign_credential(Database& database, const AccountOptions& options) {
  database.run(
      "UPDATE accounts SET sign_credential = ?, sign_secret = ?, sign_wrong_count = 0,"
      " one_time_last_step = 0 WHERE user = ?",
      options.sign_credential, sign_secret(options), options.user);
}

void set_key(Database& database, const AccountOptions& options, const std::string& id,
             bool active) {
  if (id.empty() || set_key_active(database, options.user, id, active)) return;
  throw std::runtime_error("the account " + options.user + " has no key with the id " + id +
                           "; GET /objects and the journal have the ids");
}

void change(Database& database, const AccountOptions& options) {
  const auto set = [&](bool wanted, const char* column, std::int64_t value) {
    if (wanted) set_column(database, options, column, value);
  };
  if (!options.add && !options.password_file.empty()) {
    set_password(database, options.user, hash_password(read_secret_file(options.password_file)));
  }
  set(options.admin, "administrator", 1);
  set(options.lock, "wrong_count", kWrongPasswordsToLock);
  set(options.unlock, "wrong_count", 0);
  set(options.unlock, "sign_wrong_count", 0);
  set(options.disable, "disabled", 1);
  set(options.enable, "disabled", 0);
  set(options.activate, "activated", 1);
  set(options.deactivate, "activated", 0);
  set(options.expire, "password_expires_at", now_milliseconds() - 1);
  if (options.expires_in_days) {
    set(true, "password_expires_at", now_milliseconds() + *options.expires_in_days * kDay);
  }
  if (options.key_limit) set(true, "key_limit", *options.key_limit);
  if (options.certificate_limit) set(true, "certificate_limit", *options.certificate_limit);
  if (!options.sign_credential.empty()) set_sign_credential(database, options);
  set_key(database, options, options.disable_key, false);
  set_key(database, options, options.enable_key, true);
}

void bind_certificate(Database& database, const AccountOptions& options, csc::Policy& policy) {
  const Bytes der = csc::read_certificate_file(options.client_certificate);
  std::string mark = csc::certificate_mark(der);
  const auto owner = csc::account_of_certificate(database, mark);
  if (owner && *owner != options.user) {
    throw std::runtime_error(options.client_certificate.string() +
                             " is the client certificate of the account " + *owner);
  }
  policy.client_certificate = std::move(mark);
}

void change_policy(Database& database, const AccountOptions& options) {
  csc::Policy policy = csc::find_policy(database, options.user);
  policy.scal = options.csc_scal.value_or(policy.scal);
  policy.multisign = options.csc_multisign.value_or(policy.multisign);
  if (!options.csc_auth.empty()) policy.mode = options.csc_auth;
  policy.delay = options.csc_delay.value_or(policy.delay);
  policy.token_life = options.csc_token_life.value_or(policy.token_life);
  if (!options.csc_secret_file.empty()) {
    policy.client_secret = hash_password(read_secret_file(options.csc_secret_file));
    policy.wrong_secrets = 0;
  }
  if (options.unlock) policy.wrong_secrets = 0;
  if (!options.client_certificate.empty()) bind_certificate(database, options, policy);
  csc::save_policy(database, options.user, policy);
  if (options.csc_revoke) csc::forget_tokens(database, options.user);
}

void print(const Account& account, const csc::Policy& policy) {
  boost::json::object json{{"user", account.user},
                           {"administrator", account.administrator},
                           {"wrongPasswords", account.wrong_count},
                           {"locked", account.locked()},
                           {"activated", account.activated},
                           {"disabled", account.disabled},
                           {"keyLimit", account.key_limit},
                           {"certificateLimit", account.certificate_limit},
                           {"signCredential", account.sign_credential},
                           {"wrongSignCredentials", account.sign_wrong_count},
                           {"passwordExpiresAt", nullptr},
                           {"csc",
                            {{"scal", policy.scal},
                             {"multisign", policy.multisign},
                             {"auth", policy.mode},
                             {"delay", policy.delay},
                             {"tokenLife", policy.token_life},
                             {"clientSecret", !policy.client_secret.empty()},
                             {"clientLocked", policy.client_locked()},
                             {"clientCertificate", policy.client_certificate}}}};
  if (account.password_expires_at) {
    json["passwordExpiresAt"] = utc_text(time_from(*account.password_expires_at));
  }
  std::cout << json_text(json) << '\n';
}

void run_account(const AccountOptions& options) {
  State state = open_state(InstanceFiles(options.dir));
  // All of the changes or, where one cannot be made, none.
  const auto changed = state.write([&](Database& database) {
    if (options.add) add(database, options);
    if (!find_account(database, options.user)) {
      throw std::runtime_error("there is no account named " + options.user +
                               "; make it with --add");
    }
    change(database, options);
    change_policy(database, options);
    return std::pair(find_account(database, options.user),
                     csc::find_policy(database, options.user));
  });
  if (changed.first) print(*changed.first, changed.second);
}

}  // namespace

CLI::Validator user_name() {
  return {[](const std::string& text) {
            return is_user_name(text) ? std::string()
                                      : "must be 1 to 32 letters, digits, or . _ @ -";
          },
          "USER"};
}

void add_account_command(CLI::App& app) {
  const auto options = std::make_shared<AccountOptions>();
  CLI::App* account =
      app.add_subcommand("account", "Change an account and show it; servers may run meanwhile");
  account->add_option("dir", options->dir, "The folder that init made")->required();
  account->add_option("user", options->user, "The account")->required()->check(user_name());
  account->add_flag("--add", options->add, "Make the account");
  account->add_flag("--admin", options->admin, "Make it an administrator");
  account->add_option("--password-file", options->password_file, "Its new password")
      ->check(CLI::ExistingFile);
  auto* lock = account->add_flag("--lock", options->lock, "As after 5 wrong passwords");
  account
      ->add_flag("--unlock", options->unlock,
                 "Forget wrong passwords, sign credentials and client secrets")
      ->excludes(lock);
  auto* disable = account->add_flag("--disable", options->disable);
  account->add_flag("--enable", options->enable)->excludes(disable);
  auto* activate = account->add_flag("--activate", options->activate);
  account->add_flag("--deactivate", options->deactivate)->excludes(activate);
  auto* expire = account->add_flag("--expire", options->expire, "Let the password expire now");
  account->add_option("--expires-in-days", options->expires_in_days)
      ->check(CLI::Range(0, kLongestExpiry))
      ->excludes(expire);
  account->add_option("--key-limit", options->key_limit)->check(CLI::NonNegativeNumber);
  account->add_option("--certificate-limit", options->certificate_limit)
      ->check(CLI::NonNegativeNumber);
  account
      ->add_option("--sign-credential", options->sign_credential,
                   "What signing requires besides the password")
      ->check(CLI::IsMember({"none", "password", "otp"}));
  account
      ->add_option("--sign-password-file", options->sign_password_file,
                   "The sign password, or the shared secret of the one-time passwords in base32")
      ->check(CLI::ExistingFile);
  account->add_option("--disable-key", options->disable_key, "Disable the key with this id");
  account->add_option("--enable-key", options->enable_key, "Enable the key with this id");
  account->add_option("--csc-scal", options->csc_scal, "Of its credentials in the CSC API, 1 or 2")
      ->check(CLI::Range(1, 2));
  account
      ->add_option("--csc-multisign", options->csc_multisign,
                   "Signatures for one authorisation in the CSC API")
      ->check(CLI::Range(1, 1'000'000));
  account->add_option("--csc-auth", options->csc_auth, "How signatures are authorised there")
      ->check(CLI::IsMember({"explicit", "implicit", "oauth2code"}));
  account
      ->add_option("--csc-delay", options->csc_delay,
                   "Milliseconds until an asynchronous signature is there")
      ->check(CLI::Range(0, 86'400'000));
  account->add_option("--csc-token-life", options->csc_token_life, "Seconds of an access token")
      ->check(CLI::Range(1, 31'536'000));
  account
      ->add_option("--csc-secret-file", options->csc_secret_file,
                   "The secret of its OAuth 2 client, which has the account's name")
      ->check(CLI::ExistingFile);
  account
      ->add_option("--client-certificate", options->client_certificate,
                   "PEM; whoever has its key is this account in the CSC API, without a token")
      ->check(CLI::ExistingFile);
  account->add_flag("--csc-revoke", options->csc_revoke, "Revoke its tokens");
  account->callback([options] { run_account(*options); });
}

}  // namespace signet::emulator
