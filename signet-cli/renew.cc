// signet renew: the follow-up certificate. What it is done with is keygen/renewal.h; here are the
// options, the way to the authority, and what is printed.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/printable.h"
#include "config/config_reader.h"
#include "crypto/openssl.h"
#include "keygen/renewal.h"
#include "keygen/succession.h"
#include "signet-cli/ca_command.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/state_folder.h"
#include "signet-cli/suite_choice.h"
#include "signet-cli/token_options.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using keygen::Certificate;
using keygen::RenewalRecord;
using keygen::RenewalStep;
using pkcs11::Reason;
using pkcs11::TokenResult;
using std::chrono::system_clock;

struct RenewOptions {
  TokenOptions token;
  std::string object;
  std::string id;
  std::string due = "30d";
  std::string type;
  std::string suite;
  std::string ca_command;
  std::string ca_timeout = "2m";
  std::string max_wait = "7d";
  std::string answer;
  std::vector<std::string> roots;
  std::string state;
  bool dry_run = false;
  bool json = false;
};

TokenResult<fs::path> default_state_folder() {
  if (auto folder = state_folder("renewal")) return *std::move(folder);
  return pkcs11::token_error(Reason::not_found,
                             "HOME is not set: say with --state where the journal of renewals is");
}

class Renew {
 public:
  Renew(const RenewOptions& options, Context& context) : options_(options), context_(context) {}

  void run() {
    if (const auto done = renew(); !done) say_failure(done.error());
    if (!options_.json) return;
    Json json = {{"renewals", shown_}};
    if (failure_) {
      json["error"] = failure_->sentence;
      json["status"] = static_cast<int>(failure_->reason);
    }
    print_json(json, context_.out);
  }

 private:
  TokenResult<void> renew() {
    BOOST_OUTCOME_TRY(const auto choice, object_choice(options_.object, options_.id));
    BOOST_OUTCOME_TRY(const auto pin, token_pin(options_.token, options_.object));
    BOOST_OUTCOME_TRY(token_, open_token(options_.token, options_.object, pin));
    // Signet's module keeps a list of objects; others look at the token each time.
    if (token_->module().is_signet())
      order_.read_again = [this, pin] { return token_->login_again(pin); };
    order_.due = *parse_days(options_.due);
    BOOST_OUTCOME_TRY(read_types());
    if (!options_.ca_command.empty()) {
      BOOST_OUTCOME_TRY(check_ca_command(options_.ca_command));
    }
    for (const auto& file : options_.roots) {
      BOOST_OUTCOME_TRY(const auto roots, keygen::read_certificates(file));
      order_.roots.insert(order_.roots.end(), roots.begin(), roots.end());
    }
    BOOST_OUTCOME_TRY(folder_, options_.state.empty()
                                   ? default_state_folder()
                                   : TokenResult<fs::path>(fs::path(options_.state)));
    std::vector<RenewalRecord> records;
    std::error_code unknown;
    if (!options_.dry_run || fs::exists(folder_, unknown)) {
      BOOST_OUTCOME_TRY(auto journal, keygen::RenewalJournal::open(folder_));
      journal_ = std::make_unique<keygen::RenewalJournal>(std::move(journal));
      BOOST_OUTCOME_TRY(auto all, journal_->records());
      records = std::move(all.readable);
      broken_ = std::move(all.broken);
      for (const keygen::BrokenRecord& each : broken_) say_failure(each.error);
    }
    BOOST_OUTCOME_TRY(records, keygen::records_of(*token_, records));
    BOOST_OUTCOME_TRY(records, chosen(std::move(records), choice));
    return options_.dry_run ? show_plan(records, choice) : go_on(records, choice);
  }

  TokenResult<void> read_types() {
    if (!options_.type.empty()) {
      BOOST_OUTCOME_TRY(type_, pkcs11::KeyType::parse(options_.type));
    }
    const auto suite = chosen_suite(options_.suite);
    if (!suite) return pkcs11::token_error(Reason::unreadable, suite.error());
    suite_ = suite.value();
    return success();
  }

  // Those whose old certificate is meant.
  TokenResult<std::vector<RenewalRecord>> chosen(std::vector<RenewalRecord> records,
                                                 const pkcs11::ObjectChoice& choice) const {
    std::vector<RenewalRecord> fitting;
    for (RenewalRecord& record : records) {
      BOOST_OUTCOME_TRY(const auto stored, token_->certificate_of(record.old_certificate));
      const Bytes id = stored ? stored->id : Bytes();
      if (choice.fits(record.certificate_label, id)) fitting.push_back(std::move(record));
    }
    return fitting;
  }

  TokenResult<std::vector<keygen::DueCertificate>> due(const std::vector<RenewalRecord>& records,
                                                       const pkcs11::ObjectChoice& choice) const {
    const auto limit = system_clock::now() + *parse_days(options_.due);
    BOOST_OUTCOME_TRY(auto found, keygen::due_certificates(*token_, records, choice, limit));
    std::erase_if(found, [&](const keygen::DueCertificate& each) {
      return is_broken(each.stored.der) ||
             std::any_of(records.begin(), records.end(), [&](const RenewalRecord& record) {
               return record.step != RenewalStep::superseded &&
                      equal(record.old_certificate, each.stored.der);
             });
    });
    return found;
  }

  TokenResult<void> show_plan(const std::vector<RenewalRecord>& records,
                              const pkcs11::ObjectChoice& choice) {
    for (const RenewalRecord& record : records) {
      if (keygen::is_finished(record.step)) continue;
      BOOST_OUTCOME_TRY(show_plan_of(record, records, "would be continued"));
    }
    BOOST_OUTCOME_TRY(const auto found, due(records, choice));
    for (const auto& each : found) {
      BOOST_OUTCOME_TRY(keygen::check_due(each, order_.due));
      RenewalRecord record;
      record.old_certificate = each.stored.der;
      record.certificate_label = each.stored.label;
      record.key_label = each.key.label;
      const keygen::NewKeyType type = new_type_of(each);
      record.key_type = type.type.text();
      record.key_type_reason = type.reason;
      BOOST_OUTCOME_TRY(show_plan_of(record, records, "would be renewed"));
    }
    say_if_nothing();
    return success();
  }

  TokenResult<void> show_plan_of(const RenewalRecord& record,
                                 const std::vector<RenewalRecord>& records, std::string_view what) {
    BOOST_OUTCOME_TRY(const auto foreign, keygen::foreign_keys(*token_, record.key_label, records));
    if (record.step == RenewalStep::planned && !foreign.empty()) {
      say_failure(keygen::renewed_elsewhere(foreign.front(), folder_));
    } else {
      show(record, what);
    }
    return success();
  }

  // Each renewal stands for itself: the failure of one, which is said at once, does not keep the
  // others back.
  TokenResult<void> go_on(std::vector<RenewalRecord>& records, const pkcs11::ObjectChoice& choice) {
    order_.progress = [this](const RenewalRecord& record) {
      if (!options_.json) show_step(record);
    };
    BOOST_OUTCOME_TRY(read_answer(records));
    BOOST_OUTCOME_TRY(const auto found, due(records, choice));
    for (RenewalRecord& record : records) {
      if (!keygen::is_finished(record.step)) {
        advance(record, false);
      } else if (const auto swept = keygen::sweep_keys(*token_, record); !swept) {
        say_failure(swept.error());
      }
    }
    for (const auto& each : found) begin(each);
    say_if_nothing();
    return success();
  }

  // Its renewal has begun, and how far it got is unknown.
  bool is_broken(ByteView old_certificate) const {
    const std::string name = keygen::renewal_name(old_certificate);
    return std::any_of(broken_.begin(), broken_.end(),
                       [&](const keygen::BrokenRecord& each) { return each.name == name; });
  }

  bool is_answered(const RenewalRecord& record) const {
    return std::any_of(answer_.begin(), answer_.end(), [&](const Certificate& each) {
      return equal(each.public_key(), record.new_public_key);
    });
  }

  // It is for one of the renewals; the others wait on.
  TokenResult<void> read_answer(const std::vector<RenewalRecord>& records) {
    if (options_.answer.empty()) return success();
    BOOST_OUTCOME_TRY(answer_, keygen::read_certificates(options_.answer));
    if (std::any_of(records.begin(), records.end(),
                    [this](const RenewalRecord& record) { return is_answered(record); }))
      return success();
    return pkcs11::token_error(
        Reason::other_key,
        fmt::format("{} has no certificate for the key of a waiting renewal", options_.answer));
  }

  Bytes answer_for(const RenewalRecord& record) const {
    std::string content;
    if (is_answered(record))
      for (const Certificate& each : answer_) content += crypto::to_pem("CERTIFICATE", each.der());
    return copy_of(view_of(content));
  }

  // Says what is to be said of it.
  keygen::NewKeyType new_type_of(const keygen::DueCertificate& each) const {
    auto type = keygen::new_key_type(each, *suite_, type_);
    if (!type.reason.empty() && !options_.json)
      context_.out << fmt::format("{}: {}\n", printable(each.stored.label), printable(type.reason));
    if (!type.warning.empty())
      context_.err << fmt::format("signet: warning: {}: {}\n", printable(each.stored.label),
                                  printable(type.warning));
    return type;
  }

  void begin(const keygen::DueCertificate& each) {
    if (const auto checked = keygen::check_due(each, order_.due); !checked)
      return say_failure(checked.error());
    auto record = keygen::plan_renewal(*token_, *journal_, each, new_type_of(each));
    if (!record) return say_failure(record.error());
    advance(record.value(), true);
  }

  void advance(RenewalRecord& record, bool fresh) {
    if (!options_.answer.empty()) {
      order_.ask = [&](const fs::path&) { return TokenResult<Bytes>(answer_for(record)); };
    } else if (!options_.ca_command.empty()) {
      order_.ask = [this](const fs::path& request) {
        return answer_of_ca_command(options_.ca_command,
                                    *config::parse_duration(options_.ca_timeout), request);
      };
    }
    const auto done = keygen::advance_renewal(*token_, *journal_, record, order_, fresh);
    if (!done) {
      say_failure(done.error());
    } else if (const auto waits = keygen::check_wait(record, *parse_days(options_.max_wait));
               !waits) {
      say_failure(waits.error());
    }
    show(record, state_of(record.step));
  }

  static std::string_view state_of(RenewalStep step) {
    if (step == RenewalStep::done) return "is renewed";
    if (step == RenewalStep::superseded) return "was renewed by another machine or user";
    return step == RenewalStep::requested ? "waits for its answer"
                                          : "is not finished; the next run goes on with it";
  }

  // At once; the last one gives the exit status.
  void say_failure(const pkcs11::TokenError& failure) {
    failure_ = told_by(failure);
    fail(context_, *failure_);
  }

  void show_step(const RenewalRecord& record) {
    context_.out << fmt::format("{}: {}\n", printable(record.certificate_label),
                                keygen::name_of(record.step))
                 << std::flush;
  }

  void show(const RenewalRecord& record, std::string_view what) {
    const auto old = Certificate::from_der(record.old_certificate);
    const std::string subject = old ? old.value().subject() : std::string();
    const std::string end = old ? keygen::date_text(old.value().not_after()) : std::string();
    const bool waits = record.step == RenewalStep::requested && !options_.dry_run;
    const std::string request = waits ? journal_->request_file(record).string() : std::string();
    Json json = {{"label", record.certificate_label},
                 {"subject", subject},
                 {"ends", end},
                 {"step", keygen::name_of(record.step)}};
    if (!record.key_type.empty()) json["keyType"] = record.key_type;
    if (!record.key_type_reason.empty()) json["keyTypeReason"] = record.key_type_reason;
    if (waits) json["request"] = request;
    shown_.push_back(json);
    if (options_.json) return;
    context_.out << fmt::format("{}: {}, until {}, {}{}\n", printable(record.certificate_label),
                                printable(subject), end, what,
                                waits ? "; the request is " + printable(request) : "");
  }

  void say_if_nothing() {
    if (shown_.empty() && !options_.json && context_.exit_code == exit_ok)
      context_.out << fmt::format("nothing ends within {}\n", options_.due);
  }

  const RenewOptions& options_;
  Context& context_;
  std::shared_ptr<const crypto::Suite> suite_;
  std::optional<pkcs11::KeyType> type_;  // that is wanted
  std::unique_ptr<pkcs11::TokenSession> token_;
  std::unique_ptr<keygen::RenewalJournal> journal_;
  fs::path folder_;  // of the journal
  std::vector<keygen::BrokenRecord> broken_;
  keygen::RenewalOrder order_;
  std::vector<Certificate> answer_;  // of --answer
  std::optional<pkcs11::TokenError> failure_;
  boost::json::array shown_;
};

// `fits` says whether the text is one, `wanted` what it must be.
CLI::Validator must(bool (*fits)(const std::string&), std::string wanted, const std::string& name) {
  return CLI::Validator(
      [fits, wanted = std::move(wanted)](const std::string& text) {
        return fits(text) ? std::string() : wanted;
      },
      name);
}

bool are_days(const std::string& text) {
  return parse_days(text).has_value();
}

bool is_duration(const std::string& text) {
  return config::parse_duration(text).has_value();
}

bool is_command(const std::string& text) {
  return text.starts_with('/');
}

}  // namespace

void add_renew(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "renew", "Replace certificates that end soon: new key, sealed request, answer, labels");
  const auto options = std::make_shared<RenewOptions>();
  command->add_option("OBJECT", options->object, "Label or URI of one certificate; default: all");
  command->add_option("--id", options->id, "Its id, hexadecimal");
  add_token_options(*command, options->token);
  command->add_option("--due", options->due, "Renew what ends within this time; default: 30d")
      ->check(must(are_days, "must be a number of days, such as 30d", "DAYS"));
  command->add_flag("--dry-run", options->dry_run, "Say what would be done, and change nothing");
  command->add_option(
      "--type", options->type,
      "Of the new key, as rsa:3072; default: as the old, or the next that the suite allows");
  add_suite_option(*command, options->suite, crypto::kDefaultSuite);
  auto* const ca_command =
      command->add_option("--ca-command", options->ca_command,
                          "Program, with arguments, that takes the request's file as its last "
                          "argument and writes the certificate, or nothing yet");
  ca_command->check(must(is_command, "must begin with an absolute path", "COMMAND"));
  command->add_option("--ca-timeout", options->ca_timeout, "Time for it; default: 2m")
      ->check(must(is_duration, "must be a duration, such as 2m", "DURATION"));
  command
      ->add_option("--max-wait", options->max_wait,
                   "Fail where a request has waited longer for its answer; default: 7d")
      ->check(must(are_days, "must be a number of days, such as 7d", "DAYS"));
  command->add_option("--answer", options->answer, "The authority's answer to a waiting request")
      ->excludes(ca_command);
  command
      ->add_option("--roots", options->roots,
                   "Trusted certificates: the answer must chain to one of them")
      ->allow_extra_args(false);
  command->add_option("--state", options->state, "Folder of the journal");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { Renew(*options, context).run(); });
}

}  // namespace signet::cli
