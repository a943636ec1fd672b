#include "activation/import.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "activation/errors.h"
#include "activation/installation.h"
#include "common/bounded_file.h"
#include "common/printable.h"
#include "seal-client/installation_key.h"

namespace signet::activation {

namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

TokenResult<PkeyPtr> key_for(const ClientFolder& folder, const sealclient::SignedActivation& file,
                             const PassphraseSource& passphrase) {
  if (file.header.passphrase) {
    BOOST_OUTCOME_TRY(const Secret text, passphrase());
    auto key = sealclient::installation_key_under(file, text);
    if (!key) return error_of(key.assume_error());
    return std::move(key).assume_value();
  }
  auto key = sealclient::read_installation_key(folder.path() / sealclient::kInstallationKeyFile);
  if (key) return std::move(key).assume_value();
  if (!key.assume_error().missing)
    return token_error(Reason::unreadable, key.assume_error().sentence);
  // Says what makes one.
  BOOST_OUTCOME_TRY(installation_of(folder.path()));
  return token_error(Reason::not_found, key.assume_error().sentence);
}

// NAME may be of this client: a file of it that is older, or whose import was cut off.
TokenResult<void> check_name(const ClientFolder& folder, const std::string& name,
                             const std::string& client) {
  const auto content = read_file(folder.file_of(name), sealclient::kMostActivationFile);
  if (!content && content.assume_error().missing) return success();
  if (content) {
    const auto file = sealclient::read_activation(content.assume_value());
    if (file && file.assume_value().header.client == client) return success();
  }
  return token_error(Reason::exists,
                     fmt::format("{} is another client's; give another name (--name)",
                                 printable(folder.file_of(name).string())));
}

}  // namespace

TokenResult<Candidate> examine(const ClientFolder& folder, ByteView content,
                               const ImportDemands& demands, const PassphraseSource& passphrase) {
  auto file = sealclient::read_activation(content);
  if (!file) return error_of(file.assume_error());
  Candidate candidate{
      .content = copy_of(content), .file = std::move(file).assume_value(), .activation = {}};
  BOOST_OUTCOME_TRY(const auto records, folder.records());
  BOOST_OUTCOME_TRY(check_newest(candidate.file.header, records));
  BOOST_OUTCOME_TRY(const PkeyPtr key, key_for(folder, candidate.file, passphrase));
  auto activation = sealclient::open_activation(candidate.file, key.get());
  if (!activation) return error_of(activation.assume_error());
  candidate.activation = std::move(activation).assume_value();
  BOOST_OUTCOME_TRY(check_demands(candidate.file, candidate.activation, demands));
  return candidate;
}

TokenResult<ImportReport> import_activation(const ClientFolder& folder, const Candidate& candidate,
                                            const std::string& name,
                                            const sealclient::TryCredentials& log_in,
                                            sealclient::Outbox& outbox,
                                            const std::string& user_agent, Deadline deadline) {
  const sealclient::ActivationHeader& header = candidate.file.header;
  BOOST_OUTCOME_TRY(check_name(folder, name, header.client));
  const auto client = sealclient::ActivatedClient::make(candidate.activation, outbox, user_agent);
  if (!client) return token_error(Reason::unreadable, "the key in the activation file is no key");
  ImportRecord record{header.client, header.file, header.issued, ""};
  BOOST_OUTCOME_TRY(folder.keep(record));
  const auto credentials = client->log_in(log_in, deadline);
  if (!credentials) return error_of(credentials.assume_error());
  BOOST_OUTCOME_TRY(folder.store(name, candidate.content, credentials.assume_value()));
  const auto confirmed =
      client->server().confirm_authentication(candidate.activation.order, deadline);
  if (!confirmed) return error_of(confirmed.assume_error());
  record.imported = utc_text(std::chrono::system_clock::now());
  BOOST_OUTCOME_TRY(folder.keep(record));
  ImportReport report{.account = credentials.assume_value().user, .members = {}};
  for (const auto& member : credentials.assume_value().members)
    report.members.push_back(member.url);
  return report;
}

}  // namespace signet::activation
