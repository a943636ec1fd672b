// Seals as the templates show them.
#ifndef SIGNET_SEAL_SERVER_PAGES_SEAL_VIEW_H_
#define SIGNET_SEAL_SERVER_PAGES_SEAL_VIEW_H_

#include <string>
#include <vector>

#include "seal-server/pages/view.h"
#include "seal-server/seals/seals.h"

namespace signet::sealserver {

// "2026-03-01 12:00:00 UTC" of a time in RFC 3339; other texts stay as they are.
std::string shown_time(const std::string& time);

// Into `values`, for the template seal_table: "seals", and whether their clients are shown.
void put_seals(Values& values, storage::SqlConnection& sql, const std::vector<Seal>& seals,
               const Frame& frame);

// One list of name, value, and how the value is shown, for the template seal_rows; what is not known is left out.
Values seal_facts(storage::SqlConnection& sql, const Seal& seal, Language language);

// What happened to it, from the register.
Values seal_events(storage::SqlConnection& sql, const Seal& seal, Language language);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_SEAL_VIEW_H_
