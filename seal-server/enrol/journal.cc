#include "seal-server/enrol/journal.h"

#include <algorithm>
#include <boost/json.hpp>

#include "common/json_text.h"
#include "common/private_file.h"
#include "crypto/base64.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kMaxRecord = 1024UL * 1024;  // bytes
constexpr std::int64_t kRecordFormat = 1;

json::object certification_json(const Certification& certification) {
  json::array certificates;
  for (const Bytes& der : certification.certificates)
    certificates.emplace_back(crypto::to_base64(der));
  return {{"request", crypto::to_base64(certification.request)},
          {"certificates", std::move(certificates)}};
}

std::string record_text(const Record& record) {
  json::object object{{"format", kRecordFormat},
                      {"account", record.account},
                      {"name", record.name},
                      {"organisation", record.organisation},
                      {"subject", record.subject},
                      {"round", record.round},
                      {"withdrawing", record.withdrawing},
                      {"done", record.done},
                      {"client", record.client},
                      {"clientKey", record.client_key},
                      {"clientKeySince", record.client_key_since},
                      {"cardLabel", record.card_label},
                      {"cardSerial", record.card_serial},
                      {"cardKeyType", record.card_key_type},
                      {"cardKeyId", to_hex(record.card_key_id)},
                      {"authentication", certification_json(record.authentication)},
                      {"contentKeyHash", to_hex(record.content_key_hash)},
                      {"hashOnCard", record.hash_on_card},
                      {"accountAsked", record.account_asked},
                      {"sealingKeyType", record.sealing_key_type},
                      {"sealingKeyId", to_hex(record.sealing_key_id)},
                      {"sealing", certification_json(record.sealing)}};
  if (record.seals_a_day) object["sealsADay"] = *record.seals_a_day;
  if (record.seals_in_all) object["seals"] = *record.seals_in_all;
  return json_text(object) + "\n";
}

// Throw what Boost.JSON throws, and std::runtime_error.
Bytes digits_in(const json::object& object, const char* name) {
  auto bytes = from_hex(object.at(name).as_string());
  if (!bytes) throw std::runtime_error("no hexadecimal digits");
  return *std::move(bytes);
}

Bytes base64_in(const json::value& value) {
  auto bytes = crypto::from_base64(value.as_string());
  if (!bytes) throw std::runtime_error("no base64");
  return *std::move(bytes);
}

std::string text_in(const json::object& object, const char* name) {
  return std::string(object.at(name).as_string());
}

std::optional<std::int64_t> number_in(const json::object& object, const char* name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? std::nullopt : std::optional(found->as_int64());
}

Certification certification_in(const json::value& value) {
  const json::object& object = value.as_object();
  Certification read{.request = base64_in(object.at("request")), .certificates = {}};
  for (const json::value& der : object.at("certificates").as_array())
    read.certificates.push_back(base64_in(der));
  return read;
}

Record record_in(std::string_view text) {
  const json::value value = json::parse(text);
  const json::object& object = value.as_object();
  if (object.at("format").as_int64() != kRecordFormat)
    throw std::runtime_error("a later version wrote it");
  Record record;
  record.account = text_in(object, "account");
  record.name = text_in(object, "name");
  record.organisation = text_in(object, "organisation");
  record.subject = text_in(object, "subject");
  record.seals_a_day = number_in(object, "sealsADay");
  record.seals_in_all = number_in(object, "seals");
  record.round = object.at("round").as_int64();
  record.withdrawing = object.at("withdrawing").as_bool();
  record.done = object.at("done").as_bool();
  record.client = text_in(object, "client");
  record.client_key = text_in(object, "clientKey");
  record.client_key_since = text_in(object, "clientKeySince");
  record.card_label = text_in(object, "cardLabel");
  record.card_serial = text_in(object, "cardSerial");
  record.card_key_type = text_in(object, "cardKeyType");
  record.card_key_id = digits_in(object, "cardKeyId");
  record.authentication = certification_in(object.at("authentication"));
  record.content_key_hash = digits_in(object, "contentKeyHash");
  record.hash_on_card = object.at("hashOnCard").as_bool();
  record.account_asked = object.at("accountAsked").as_bool();
  record.sealing_key_type = text_in(object, "sealingKeyType");
  record.sealing_key_id = digits_in(object, "sealingKeyId");
  record.sealing = certification_in(object.at("sealing"));
  return record;
}

fs::path file_of(const fs::path& folder, const std::string& account) {
  return folder / (account + ".json");
}

std::optional<Record> read_record(const fs::path& file) {
  const auto content = take(read_plain_file(file, kMaxRecord));
  if (!content) return std::nullopt;
  try {
    return record_in(text_of(content->bytes));
  } catch (const std::exception& error) {
    fail(Reason::unreadable,
         file.string() + " is no journal of an enrolment: " + error.what() + ".");
  }
}

template <typename Fits>
std::optional<Record> find_record_where(const fs::path& folder, const Fits& fits) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".json") continue;
    auto record = read_record(entry.path());
    if (record && fits(*record)) return record;
  }
  return std::nullopt;
}

}  // namespace

bool is_account_name(const std::string& text) {
  return !text.empty() && text.size() <= 32 && text[0] != '.' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  std::string_view("._@-").find(c) != std::string_view::npos;
         });
}

std::optional<Record> find_record(const fs::path& folder, const std::string& account) {
  return read_record(file_of(folder, account));
}

std::optional<Record> find_client_record(const fs::path& folder, const std::string& client) {
  return find_record_where(folder, [&](const Record& record) { return record.client == client; });
}

std::optional<Record> find_card_record(const fs::path& folder, const std::string& label,
                                       const std::string& serial, const std::string& account) {
  return find_record_where(folder, [&](const Record& record) {
    return record.account != account && record.card_label == label && record.card_serial == serial;
  });
}

void write_record(const fs::path& folder, const Record& record) {
  const auto prepared = prepare_folder(folder, Folder::own);
  if (!prepared)
    fail(Reason::failed, folder.string() + ": " + prepared.assume_error().sentence + ".");
  take(replace_private_file(file_of(folder, record.account), view_of(record_text(record)),
                            Durability::durable));
}

void remove_record(const fs::path& folder, const std::string& account) {
  std::error_code error;
  fs::remove(file_of(folder, account), error);
  if (error) fail(Reason::failed, file_of(folder, account).string() + ": " + error.message() + ".");
}

}  // namespace signet::sealserver::enrol
