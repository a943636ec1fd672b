// What one row of the table "event" says of itself, without its neighbours: the larger part of an audit, and one that several
// threads can do.
#ifndef SIGNET_SEAL_SERVER_REGISTER_EVENT_ROW_H_
#define SIGNET_SEAL_SERVER_REGISTER_EVENT_ROW_H_

#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "seal-server/register/entry.h"
#include "storage/sql.h"

namespace signet::sealserver {

struct EventRow {
  std::optional<Entry> entry;  // nothing: the text is none
  std::string
      fault;  // of the content or what is beside it: " has …", behind the event's name; empty: none
  bool is_thinned = false;
  crypto::TreeHash leaf{};  // of the entry
  bool is_leaf = false;     // whether the row says the same
};

// Of rows with (sequence, content, random, entry, leaf, client, seal).
EventRow look_at_event(const storage::SqlRow& row);

// The same of many, by as many threads as there are processors: consecutive parts of the rows, which must stay until all of them
// are there.
std::vector<std::future<std::vector<EventRow>>> look_at_events(
    std::span<const storage::SqlRow> rows);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_EVENT_ROW_H_
