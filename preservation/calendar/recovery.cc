#include "preservation/calendar/recovery.h"

#include <unistd.h>

#include "preservation/calendar/file_digest.h"

namespace signet::preservation {

RegisterResult<std::size_t> recover(Register& documents, Time now) {
  BOOST_OUTCOME_TRY(const auto announced, documents.announced());
  if (announced.empty()) return std::size_t{0};
  std::vector<Settlement> settlements;
  for (const Announcement& each : announced) {
    Settlement settlement;
    settlement.document = each.document;
    settlement.tried = false;
    const bool made = !each.condition.digest.empty();
    const auto digest = digest_of_file(each.path);
    settlement.replaced = made && digest && digest.value().sha256 == each.condition.digest;
    if (!settlement.replaced) ::unlink(each.replacement.c_str());
    settlements.push_back(std::move(settlement));
  }
  BOOST_OUTCOME_TRY(documents.settle(0, settlements, now));
  return announced.size();
}

}  // namespace signet::preservation
