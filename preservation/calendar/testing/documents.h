// Registered documents for tests.
#ifndef SIGNET_PRESERVATION_CALENDAR_TESTING_DOCUMENTS_H_
#define SIGNET_PRESERVATION_CALENDAR_TESTING_DOCUMENTS_H_

#include <string>

#include "common/clock.h"
#include "preservation/calendar/kept_document.h"

namespace signet::preservation {

inline const Time kTestDay = wall_time(1'800'000'000);

inline KeptDocument test_document(const std::string& path, Time until) {
  KeptDocument document;
  document.path = path;
  document.condition = {.digest = std::string(64, 'a'),
                        .size = 1000,
                        .format = "PAdES",
                        .level = "B-T",
                        .verdict = "TOTAL-PASSED",
                        .until = until,
                        .because = "the certificate of TSA ends then",
                        .suite = "a suite",
                        .lists = ""};
  document.added = document.examined = kTestDay;
  return document;
}

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_TESTING_DOCUMENTS_H_
