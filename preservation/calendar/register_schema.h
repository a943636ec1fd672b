// The tables of the register, step by step (storage/database.h).
#ifndef SIGNET_PRESERVATION_CALENDAR_REGISTER_SCHEMA_H_
#define SIGNET_PRESERVATION_CALENDAR_REGISTER_SCHEMA_H_

#include <array>

namespace signet::preservation {

// Times are seconds since 1970; conditions are those of kept_document.h. A step never changes once it is released.
inline constexpr std::array kRegisterSchema = {
    R"(
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  data TEXT NOT NULL,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  format TEXT NOT NULL,
  level TEXT NOT NULL,
  verdict TEXT NOT NULL,
  until INTEGER,
  because TEXT NOT NULL,
  suite TEXT NOT NULL,
  lists TEXT NOT NULL,
  standing TEXT NOT NULL,
  note TEXT NOT NULL,
  added INTEGER NOT NULL,
  examined INTEGER NOT NULL,
  extended INTEGER,
  extensions INTEGER NOT NULL,
  tried INTEGER                  -- the last run that tried to extend it and came to an end with it
) STRICT;
CREATE INDEX documents_until ON documents (until);
CREATE TABLE announced (         -- files that are about to be replaced; an empty digest: their extension is under way
  document INTEGER PRIMARY KEY REFERENCES documents (id),
  replacement TEXT NOT NULL,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  format TEXT NOT NULL,
  level TEXT NOT NULL,
  verdict TEXT NOT NULL,
  until INTEGER,
  because TEXT NOT NULL,
  suite TEXT NOT NULL,
  lists TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  began INTEGER NOT NULL,
  until INTEGER NOT NULL,        -- documents that can be verified until then at most are part of it
  ended INTEGER
) STRICT;
)"};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_REGISTER_SCHEMA_H_
