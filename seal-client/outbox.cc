#include "seal-client/outbox.h"

#include <algorithm>

#include "common/log.h"
#include "common/private_file.h"
#include "seal-client/wire.h"

namespace signet::sealclient {

namespace {

constexpr std::string_view kSuffix = ".result";
constexpr std::size_t kMostContent = 16 * 1024;  // bytes

// Ids are the server's; one that is no plain name becomes no file.
bool is_plain_name(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::optional<NamedResult> result_in(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (!name.ends_with(kSuffix)) return std::nullopt;
  const std::string id = name.substr(0, name.size() - kSuffix.size());
  const auto content = read_plain_file(file, kMostContent);
  if (!is_plain_name(id) || !content || !content.assume_value()) return std::nullopt;
  auto result = read_result(text_of(content.assume_value()->bytes));
  if (!result) return std::nullopt;
  return NamedResult{id, *std::move(result)};
}

}  // namespace

Result<std::unique_ptr<Outbox>, FileError> Outbox::open(const std::filesystem::path& folder) {
  BOOST_OUTCOME_TRY(prepare_folder(folder, Folder::own));
  std::unique_ptr<Outbox> outbox(new Outbox(folder));
  std::error_code error;
  const MutexLock lock(outbox->mutex_);
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    auto found = result_in(entry.path());
    if (found) outbox->results_.insert_or_assign(found->id, std::move(found->result));
  }
  if (error) return FileError{.sentence = folder.string() + ": " + error.message()};
  return outbox;
}

std::filesystem::path Outbox::file_of(const std::string& id) const {
  return folder_ / (id + std::string(kSuffix));
}

Result<void, FileError> Outbox::add(const NamedResult& result) {
  if (is_plain_name(result.id)) {
    const MutexLock lock(mutex_);
    results_.insert_or_assign(result.id, result.result);
  } else {
    return FileError{.sentence = "This is no transaction's id."};
  }
  return replace_private_file(file_of(result.id), view_of(write_result(result.result)),
                              Durability::durable);
}

std::vector<NamedResult> Outbox::first(std::size_t most) const {
  const MutexLock lock(mutex_);
  std::vector<NamedResult> some;
  for (const auto& [id, result] : results_) {
    if (some.size() == most) break;
    some.push_back({id, result});
  }
  return some;
}

bool Outbox::forget(const std::string& id) {
  const MutexLock lock(mutex_);
  return results_.erase(id) > 0;
}

void Outbox::remove(const std::string& id) {
  if (!forget(id)) return;
  std::error_code error;
  std::filesystem::remove(file_of(id), error);
  // Then it is reported once more, after the next start.
  if (error) log::warn("the outbox keeps a result that was reported: {}", error.message());
}

void Outbox::set_aside(const std::string& id) {
  if (!forget(id)) return;
  std::error_code error;
  std::filesystem::rename(file_of(id), file_of(id).replace_extension(".refused"), error);
  if (error) log::warn("the outbox keeps a result that was refused: {}", error.message());
}

}  // namespace signet::sealclient
