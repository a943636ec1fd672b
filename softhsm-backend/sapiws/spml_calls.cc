// SPML: accounts, by an administrator's credentials.
#include <map>

#include "common/log.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::size_t kResetPasswordBytes = 9;  // twelve characters in base64

SpmlFailure custom(std::string message) {
  return {.error = "customError", .message = std::move(message)};
}

SpmlFailure no_such_user() {
  return {.error = "noSuchIdentifier", .message = "There is no such user, err 90020300"};
}

SpmlFailure of(const DssFailure& failure) {
  return custom(failure.message);
}

std::optional<SpmlFailure> against_policy(const std::string& user, const Secret& password) {
  const auto fault = fault_of_password(user, text_of(password.reveal()));
  if (!fault) return std::nullopt;
  return of(failures::of(*fault));
}

}  // namespace

Answer Service::spml(const Operation& operation) {
  const auto asked = read_spml_request(operation.element);
  if (!asked) {
    return soap_answer(operation.version,
                       spml_response(operation.name, "", SpmlOutcome(asked.assume_error())));
  }
  const SpmlRequest& request = asked.assume_value();
  bool is_administrator = true;
  const SpmlOutcome outcome = administer(operation.name, request, is_administrator);
  if (!is_administrator) {
    return to_answer(SoapFault{.version = operation.version,
                               .blame = SoapFault::Blame::server,
                               .text = "Exception occured",
                               .status = 500});
  }
  return soap_answer(operation.version, spml_response(operation.name, request.id, outcome));
}

SpmlOutcome Service::administer(const std::string& operation, const SpmlRequest& asked,
                                bool& is_administrator) {
  struct Row {
    SpmlOutcome (Service::*call)(const SpmlRequest&);
    bool changes_accounts;
  };
  static const std::map<std::string, Row> rows{
      {"listTargets", {&Service::list_targets, false}},
      {"add", {&Service::add, true}},
      {"lookup", {&Service::lookup, false}},
      {"modify", {&Service::modify, true}},
      {"delete", {&Service::remove, true}},
      {"setPassword", {&Service::set_password_of, false}},
      {"expirePassword", {&Service::expire_password_of, false}},
      {"resetPassword", {&Service::reset_password, false}},
      {"validatePassword", {&Service::validate_password, false}},
      {"search", {&Service::search, false}},
      {"iterate", {&Service::search, false}},
      {"closeIterator", {&Service::close_iterator, false}}};
  if (!asked.admin_password) return of(failures::no_password());
  const auto admin =
      authenticator_.admit(asked.admin, *asked.admin_password, Authenticator::Expired::refused);
  if (!admin) return of(failures::of(admin.assume_error()));
  is_administrator = admin.assume_value().administrator;
  if (!is_administrator) return custom("Exception occured");
  const Row& row = rows.at(operation);
  if (row.changes_accounts && role_ != "primary") {
    return custom("The alternate changes no users; ask the primary");
  }
  return (this->*row.call)(asked);
}

SpmlOutcome Service::list_targets(const SpmlRequest& /*asked*/) {
  XmlWriter xml;
  xml.open("target", kSpmlCore).attribute("targetID", "CoSign").attribute("profile", "CoSign");
  return SpmlAnswer{.content = xml.finish(), .valid = {}};
}

SpmlOutcome Service::add(const SpmlRequest& asked) {
  if (!asked.record || !asked.record->password) {
    return SpmlFailure{.error = "malformedRequest",
                       .message = "UserRecord or its Password is missing."};
  }
  const UserRecord& record = *asked.record;
  Account account;
  account.user = asked.user.empty() ? record.login_name.value_or("") : asked.user;
  if (!is_user_name(account.user) || record.login_name.value_or(account.user) != account.user) {
    return SpmlFailure{.error = "invalidIdentifier", .message = {}};
  }
  if (auto fault = against_policy(account.user, *record.password)) return *std::move(fault);
  account.common_name = record.common_name.value_or(account.user);
  account.administrator = record.administrator.value_or(false);
  account.disabled = record.disabled.value_or(false);
  account.password_hash = hash_password(*record.password);
  const bool added = state_.write([&](Database& database) {
    const bool fresh = add_account(database, account);
    if (fresh) update_account(database, account);
    return fresh;
  });
  if (!added) {
    return SpmlFailure{.error = "alreadyExists", .message = "The user exists, err 900201d2"};
  }
  return SpmlAnswer{.content = pso(account, asked.with_data), .valid = {}};
}

SpmlOutcome Service::lookup(const SpmlRequest& asked) {
  const auto account =
      state_.read([&](Database& database) { return find_account(database, asked.user); });
  if (!account) return no_such_user();
  return SpmlAnswer{.content = pso(*account, asked.with_data), .valid = {}};
}

SpmlOutcome Service::modify(const SpmlRequest& asked) {
  if (!asked.record) {
    return SpmlFailure{.error = "malformedRequest", .message = "UserRecord is missing."};
  }
  const UserRecord& record = *asked.record;
  if (record.password) {
    if (auto fault = against_policy(asked.user, *record.password)) return *std::move(fault);
  }
  const std::string hash = record.password ? hash_password(*record.password) : std::string();
  const auto changed = state_.write([&](Database& database) {
    auto account = find_account(database, asked.user);
    if (!account) return account;
    account->common_name = record.common_name.value_or(account->common_name);
    account->administrator = record.administrator.value_or(account->administrator);
    account->disabled = record.disabled.value_or(account->disabled);
    update_account(database, *account);
    if (!hash.empty()) set_password(database, account->user, hash);
    return account;
  });
  if (!changed) return no_such_user();
  return SpmlAnswer{.content = pso(*changed, asked.with_data), .valid = {}};
}

SpmlOutcome Service::remove(const SpmlRequest& asked) {
  if (asked.user == asked.admin) return custom("Administrators do not delete themselves");
  const auto keys = state_.write([&](Database& database) {
    std::optional<std::vector<std::string>> ids;
    if (!find_account(database, asked.user)) return ids;
    ids = delete_objects(database, asked.user);
    delete_account(database, asked.user);
    return ids;
  });
  if (!keys) return no_such_user();
  for (const std::string& id : *keys) {
    try {
      token_.destroy(id);
    } catch (const KeyStoreError& error) {
      // The key is gone for every client; what is left in the token goes at the next start.
      log::warn("key {} stays in the token until the next start: {}", id, error.what());
    }
  }
  return SpmlAnswer{};
}

SpmlOutcome Service::set_password_of(const SpmlRequest& asked) {
  if (!asked.password) {
    return SpmlFailure{.error = "malformedRequest", .message = "The password is missing."};
  }
  if (auto fault = against_policy(asked.user, *asked.password)) return *std::move(fault);
  const std::string hash = hash_password(*asked.password);
  const bool found =
      state_.write([&](Database& database) { return set_password(database, asked.user, hash); });
  if (!found) return no_such_user();
  return SpmlAnswer{};
}

SpmlOutcome Service::expire_password_of(const SpmlRequest& asked) {
  const bool found = state_.write([&](Database& database) {
    const bool there = find_account(database, asked.user).has_value();
    if (there) expire_password(database, asked.user);
    return there;
  });
  if (!found) return no_such_user();
  return SpmlAnswer{};
}

SpmlOutcome Service::reset_password(const SpmlRequest& asked) {
  const std::string password = to_base64(random_bytes(kResetPasswordBytes));
  const std::string hash = hash_password(Secret(std::string_view(password)));
  const bool found =
      state_.write([&](Database& database) { return set_password(database, asked.user, hash); });
  if (!found) return no_such_user();
  XmlWriter xml;
  xml.open("password", kSpmlPassword).text(password);
  return SpmlAnswer{.content = xml.finish(), .valid = {}};
}

SpmlOutcome Service::validate_password(const SpmlRequest& asked) {
  if (!asked.password) {
    return SpmlFailure{.error = "malformedRequest", .message = "The password is missing."};
  }
  const auto account =
      state_.read([&](Database& database) { return find_account(database, asked.user); });
  if (!account) return no_such_user();
  // SPML's operation asks whether the password would be a valid one (password capability, 3.6.4): nothing is tried.
  return SpmlAnswer{.content = {}, .valid = !against_policy(asked.user, *asked.password)};
}

SpmlOutcome Service::search(const SpmlRequest& asked) {
  const auto accounts = state_.read(
      [&](Database& database) { return accounts_after(database, asked.iterator, asked.most + 1); });
  SpmlAnswer answer;
  std::string last;
  std::int64_t room = asked.most;
  for (const Account& account : accounts) {
    if (room-- == 0) {
      XmlWriter xml;
      answer.content += xml.open("iterator").attribute("ID", last).finish();
      break;
    }
    answer.content += pso(account, asked.with_data);
    last = account.user;
  }
  return answer;
}

// An iterator is the name of the last user that was told, so there is nothing to close.
SpmlOutcome Service::close_iterator(const SpmlRequest& /*asked*/) {
  return SpmlAnswer{};
}

}  // namespace signet::emulator::sapiws
