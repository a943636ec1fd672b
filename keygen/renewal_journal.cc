#include "keygen/renewal_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <optional>

#include "common/bounded_file.h"
#include "common/json_text.h"
#include "common/private_file.h"
#include "crypto/openssl.h"

namespace signet::keygen {

namespace {

namespace fs = std::filesystem;
using Json = boost::json::value;

constexpr std::size_t kNameBytes = 16;
constexpr std::size_t kLargestRecord = 1024UL * 1024;  // bytes
constexpr int kFormat = 1;

struct StepName {
  RenewalStep step;
  std::string_view name;
};
constexpr std::array kStepNames{
    StepName{RenewalStep::planned, "planned"},       StepName{RenewalStep::key_made, "key made"},
    StepName{RenewalStep::requested, "requested"},   StepName{RenewalStep::answered, "answered"},
    StepName{RenewalStep::imported, "imported"},     StepName{RenewalStep::done, "done"},
    StepName{RenewalStep::superseded, "superseded"},
};

TokenError cannot(std::string_view what, const fs::path& file, int error_number) {
  return token_error(Reason::failed,
                     fmt::format("{} {}: {}", what, file.string(), system_text(error_number)));
}

Json json_of(const RenewalRecord& record) {
  boost::json::array abandoned;
  for (const Bytes& id : record.abandoned_ids) abandoned.emplace_back(to_hex(id));
  // Labels may be any bytes, JSON's strings may not.
  boost::json::object json = {{"format", kFormat},
                              {"step", name_of(record.step)},
                              {"token", record.token},
                              {"old_certificate", to_hex(record.old_certificate)},
                              {"certificate_label", to_hex(view_of(record.certificate_label))},
                              {"key_label", to_hex(view_of(record.key_label))},
                              {"key_type", record.key_type},
                              {"new_id", to_hex(record.new_id)},
                              {"abandoned_ids", abandoned},
                              {"new_public_key", to_hex(record.new_public_key)}};
  if (!record.key_type_reason.empty()) json["key_type_reason"] = record.key_type_reason;
  if (record.requested_at)
    json["requested_at"] = std::chrono::system_clock::to_time_t(*record.requested_at);
  return json;
}

// Throws for a member that is missing or of another type, and for what is not hexadecimal.
RenewalRecord record_of(const Json& json) {
  const auto bytes = [](const Json& value) { return from_hex(value.as_string()).value(); };
  RenewalRecord record;
  const std::string_view step = json.at("step").as_string();
  const auto known = std::find_if(kStepNames.begin(), kStepNames.end(),
                                  [&](const StepName& each) { return each.name == step; });
  if (json.at("format") != kFormat || known == kStepNames.end()) throw std::bad_optional_access();
  record.step = known->step;
  record.token = json.at("token").as_string();
  record.old_certificate = bytes(json.at("old_certificate"));
  record.certificate_label = text_of(bytes(json.at("certificate_label")));
  record.key_label = text_of(bytes(json.at("key_label")));
  record.key_type = json.at("key_type").as_string();
  if (const auto* const reason = json.as_object().if_contains("key_type_reason"))
    record.key_type_reason = reason->as_string();
  record.new_id = bytes(json.at("new_id"));
  for (const Json& id : json.at("abandoned_ids").as_array())
    record.abandoned_ids.push_back(bytes(id));
  record.new_public_key = bytes(json.at("new_public_key"));
  if (const auto* const at = json.as_object().if_contains("requested_at"))
    record.requested_at = std::chrono::system_clock::from_time_t(at->to_number<std::time_t>());
  return record;
}

TokenResult<RenewalRecord> read_record(const fs::path& file) {
  const auto text = read_file(file, kLargestRecord);
  if (!text) return token_error(Reason::unreadable, text.error().sentence);
  try {
    return record_of(boost::json::parse(text_of(text.value())));
  } catch (const std::exception&) {
    return token_error(
        Reason::unreadable,
        fmt::format("{} is not a record of a renewal by this version; move it away if its "
                    "renewal is finished",
                    file.string()));
  }
}

}  // namespace

std::string_view name_of(RenewalStep step) {
  return std::find_if(kStepNames.begin(), kStepNames.end(),
                      [&](const StepName& each) { return each.step == step; })
      ->name;
}

std::string renewal_name(ByteView old_certificate) {
  return to_hex(ByteView(crypto::sha256(old_certificate)).first(kNameBytes));
}

TokenResult<RenewalJournal> RenewalJournal::open(const fs::path& folder) {
  if (!make_folder(folder)) return cannot("cannot make", folder, errno);
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (!descriptor || ::fstat(descriptor.get(), &status) != 0)
    return cannot("cannot open", folder, errno);
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return token_error(
        Reason::failed,
        fmt::format("{} must belong to the user who renews, and be writable by nobody "
                    "else",
                    folder.string()));
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0)
    return token_error(Reason::exists,
                       fmt::format("another renewal is running in {}", folder.string()));
  return RenewalJournal(folder, std::move(descriptor));
}

TokenResult<RenewalRecords> RenewalJournal::records() const {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder_, code))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (code) return cannot("cannot read", folder_, code.value());
  std::sort(files.begin(), files.end());
  RenewalRecords records;
  for (const auto& file : files) {
    auto record = read_record(file);
    if (record) {
      records.readable.push_back(std::move(record).value());
    } else {
      records.broken.push_back({file.stem().string(), std::move(record).error()});
    }
  }
  return records;
}

TokenResult<void> RenewalJournal::write(const RenewalRecord& record) {
  return write_file(folder_ / (record.name() + ".json"),
                    view_of(json_text(json_of(record)) + "\n"));
}

TokenResult<void> RenewalJournal::write_request(const RenewalRecord& record, ByteView der) {
  return write_file(request_file(record), der);
}

TokenResult<void> RenewalJournal::write_answer(const RenewalRecord& record, ByteView pem) {
  return write_file(answer_file(record), pem);
}

fs::path RenewalJournal::request_file(const RenewalRecord& record) const {
  return folder_ / (record.name() + ".p7m");
}

fs::path RenewalJournal::answer_file(const RenewalRecord& record) const {
  return folder_ / (record.name() + ".pem");
}

TokenResult<void> RenewalJournal::write_file(const fs::path& file, ByteView content) {
  // One process at a time has the journal, so one suffix is enough, and leaves nothing lying about.
  const auto written = replace_private_file(file, content, Durability::durable, ".new");
  if (!written) {
    return token_error(Reason::failed,
                       fmt::format("cannot write {}: {}", file.string(), written.error().sentence));
  }
  return success();
}

}  // namespace signet::keygen
