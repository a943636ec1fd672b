#include "seal-server/register/event_row.h"

#include <algorithm>
#include <thread>

#include "common/bytes.h"

namespace signet::sealserver {

namespace {

// Whether a column beside a content names what the content names, or nothing where it names nothing. In JSON text a quotation
// mark within a value is escaped, so that only a member can be found.
bool names_the_same(const std::string& content, const std::string& member,
                    const std::string& value) {
  const std::string begin = "\"" + member + "\":\"";
  const auto at = content.find(begin);
  if (at == std::string::npos) return true;
  return content.compare(at + begin.size(), value.size() + 1, value + '"') == 0;
}

std::string fault_of_content(const storage::SqlRow& row, const Entry& entry) {
  const std::string content = row.text(1);
  const auto random = from_hex(row.text(2));
  if (!random || random->size() != kEntryRandom || to_hex(*random) != row.text(2) ||
      commitment(*random, content) != entry.content)
    return " has another content than its entry says.";
  if (!names_the_same(content, "client", row.text(5)) ||
      !names_the_same(content, "transaction", row.text(6)))
    return " is said to be of another client or transaction.";
  return {};
}

std::vector<EventRow> look_at_part(std::span<const storage::SqlRow> rows) {
  std::vector<EventRow> events;
  events.reserve(rows.size());
  for (const storage::SqlRow& row : rows) events.push_back(look_at_event(row));
  return events;
}

}  // namespace

EventRow look_at_event(const storage::SqlRow& row) {
  EventRow event;
  const std::string entry = row.text(3);
  event.entry = entry_of(entry);
  event.leaf = crypto::leaf_hash(view_of(entry));
  event.is_leaf = row.text(4) == to_hex(event.leaf);
  event.is_thinned = row.is_null(1);
  if (row.is_null(1) != row.is_null(2)) {
    event.fault = " has lost its content or its random octets.";
  } else if (event.is_thinned) {
    if (!row.is_null(5) || !row.is_null(6))
      event.fault = " has a client or a transaction, and its content was deleted.";
  } else if (event.entry) {
    event.fault = fault_of_content(row, *event.entry);
  }
  return event;
}

std::vector<std::future<std::vector<EventRow>>> look_at_events(
    std::span<const storage::SqlRow> rows) {
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t size = (rows.size() + threads - 1) / threads;
  std::vector<std::future<std::vector<EventRow>>> parts;
  for (; !rows.empty(); rows = rows.subspan(std::min(size, rows.size())))
    parts.push_back(
        std::async(std::launch::async, look_at_part, rows.first(std::min(size, rows.size()))));
  return parts;
}

}  // namespace signet::sealserver
