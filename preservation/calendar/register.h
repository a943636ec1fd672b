// The register of documents that are kept verifiable: an SQLite file.
//
// A document's file and its row change together, whatever ends the program in between. What a file is about to become is
// recorded before the file is replaced (announce()), and becomes the document's condition afterwards (settle()). A row that was
// announced and not settled is decided by the file: it has the new content, or the old one.
#ifndef SIGNET_PRESERVATION_CALENDAR_REGISTER_H_
#define SIGNET_PRESERVATION_CALENDAR_REGISTER_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/descriptor.h"
#include "preservation/calendar/kept_document.h"
#include "storage/database.h"

namespace signet::preservation {

template <typename T>
using RegisterResult = Result<T, storage::Error>;

// A file that is about to be replaced.
struct Announcement {
  std::int64_t document = 0;
  std::string path;         // the document's
  std::string replacement;  // likewise absolute: the file that will take its place
  Condition condition;      // of that file; without a digest: it is being made
};

// What became of an announced one.
struct Settlement {
  std::int64_t document = 0;
  bool replaced = false;               // by what was announced
  bool tried = true;                   // it has had its turn in this run
  Standing standing = Standing::kept;  // not replaced: how it stands now; kept: as it stood before
  std::string note;                    // likewise: why
};

// A run as it is recorded: what --resume goes on with.
struct RecordedRun {
  std::int64_t id = 0;
  Time limit{};  // documents that are verifiable until then at most are part of it
};

// Held by who changes documents or rows: one process at a time. It is released when it goes, or the process does.
class RegisterLock {
 public:
  // The error is a sentence: another process has it, or there is no such folder.
  static Result<RegisterLock, std::string> take(const std::filesystem::path& register_file);

 private:
  explicit RegisterLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

// Used by one thread at a time; other processes may read the file meanwhile.
class Register {
 public:
  // `create`: the file is made where it is missing, its folder too. Readable and writable by its owner.
  enum class Mode : std::uint8_t { create, open };
  static RegisterResult<std::unique_ptr<Register>> open(const std::filesystem::path& file,
                                                        Mode mode);

  // New rows, or, where there is one of that path, a new condition in place of the old one: then `added` and the count of
  // extensions stay. In one transaction.
  RegisterResult<void> put(std::span<const KeptDocument> documents);
  // Every row as it is given, id aside. Replaces those of the same paths.
  RegisterResult<void> restore(std::span<const KeptDocument> documents);
  // False: there is none of that path.
  RegisterResult<bool> remove(const std::string& path);
  RegisterResult<void> note(std::int64_t document, Standing standing, const std::string& note,
                            Time examined);

  // In the order of their paths.
  RegisterResult<std::vector<KeptDocument>> all();
  // One after the other in the order of their paths, without holding them all.
  RegisterResult<void> each(const std::function<void(const KeptDocument&)>& take);
  RegisterResult<std::optional<KeptDocument>> find(const std::string& path);
  // Those that pass and end by `limit`, the earliest end first; with `run` only those that it has not tried yet.
  RegisterResult<std::vector<KeptDocument>> due(Time limit,
                                                std::optional<std::int64_t> run = std::nullopt);
  // Those that were measured by another suite, or did not pass: what was lacking then may be had now.
  RegisterResult<std::vector<KeptDocument>> to_examine_again(const std::string& suite);
  RegisterResult<std::uint64_t> count();

  // The last run, where it did not end.
  RegisterResult<std::optional<RecordedRun>> interrupted_run();
  // Ends whatever did not end before.
  RegisterResult<RecordedRun> begin_run(Time limit, Time now);
  RegisterResult<void> end_run(std::int64_t run, Time now);
  RegisterResult<void> announce(std::span<const Announcement> announcements);
  // The announcements are gone afterwards.
  RegisterResult<void> settle(std::int64_t run, std::span<const Settlement> settlements, Time now);
  RegisterResult<std::vector<Announcement>> announced();

 private:
  explicit Register(std::unique_ptr<storage::Database> database);

  const std::unique_ptr<storage::Database> database_;
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_REGISTER_H_
