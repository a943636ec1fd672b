#include "preservation/calendar/recovery.h"

#include "preservation/calendar/file_digest.h"
#include "preservation/calendar/replacement.h"

namespace signet::preservation {

RegisterResult<std::size_t> recover(Register& documents, Time now) {
  BOOST_OUTCOME_TRY(const auto announced, documents.announced());
  if (announced.empty()) return std::size_t{0};
  std::vector<Settlement> settlements;
  std::vector<std::filesystem::path> abandoned;
  for (const Announcement& each : announced) {
    const bool made = !each.condition.digest.empty();
    const auto digest = digest_of_file(each.path);
    if (made && !digest) continue;
    Settlement settlement;
    settlement.document = each.document;
    settlement.tried = false;
    settlement.replaced = made && digest.value().sha256 == each.condition.digest;
    if (!settlement.replaced) abandoned.emplace_back(each.replacement);
    settlements.push_back(std::move(settlement));
  }
  remove_replacements(abandoned);
  BOOST_OUTCOME_TRY(documents.settle(0, settlements, now));
  return settlements.size();
}

}  // namespace signet::preservation
