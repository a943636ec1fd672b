#include "preservation/calendar/register.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <utility>

#include "common/bounded_file.h"
#include "common/clock.h"
#include "common/private_file.h"
#include "preservation/calendar/register_schema.h"

namespace signet::preservation {

namespace {

namespace fs = std::filesystem;
using storage::Database;
using storage::Rows;

constexpr std::string_view kSelect =
    "SELECT id, path, data, digest, size, format, level, verdict, until, because, suite, lists, "
    "standing, note, added, examined, extended, extensions FROM documents ";

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::optional<std::int64_t> seconds_of(const std::optional<Time>& time) {
  return time ? std::optional(seconds_of(*time)) : std::nullopt;
}

std::optional<Time> optional_time(const Rows& rows, int column) {
  const auto seconds = rows.optional_number(column);
  return seconds ? std::optional(wall_time(*seconds)) : std::nullopt;
}

// The nine columns of a condition, from `first` on.
Condition condition_from(const Rows& rows, int first) {
  Condition condition;
  condition.digest = rows.text(first);
  condition.size = static_cast<std::uint64_t>(rows.number(first + 1));
  condition.format = rows.text(first + 2);
  condition.level = rows.text(first + 3);
  condition.verdict = rows.text(first + 4);
  condition.until = optional_time(rows, first + 5);
  condition.because = rows.text(first + 6);
  condition.suite = rows.text(first + 7);
  condition.lists = rows.text(first + 8);
  return condition;
}

KeptDocument document_from(const Rows& rows) {
  KeptDocument document;
  document.id = rows.number(0);
  document.path = rows.text(1);
  document.data = rows.text(2);
  document.condition = condition_from(rows, 3);
  document.standing = standing_from(rows.text(12)).value_or(Standing::failed);
  document.note = rows.text(13);
  document.added = wall_time(rows.number(14));
  document.examined = wall_time(rows.number(15));
  document.extended = optional_time(rows, 16);
  document.extensions = static_cast<std::uint64_t>(rows.number(17));
  return document;
}

std::vector<KeptDocument> documents_from(Rows rows) {
  std::vector<KeptDocument> documents;
  while (rows.next()) documents.push_back(document_from(rows));
  return documents;
}

void insert(Database& database, std::string_view on_conflict, const KeptDocument& document) {
  const Condition& is = document.condition;
  const std::string sql =
      "INSERT INTO documents (path, data, digest, size, format, level, verdict, until, because, "
      "suite, lists, standing, note, added, examined, extended, extensions) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
      "data = excluded.data, digest = excluded.digest, size = excluded.size, "
      "format = excluded.format, level = excluded.level, verdict = excluded.verdict, "
      "until = excluded.until, because = excluded.because, suite = excluded.suite, "
      "lists = excluded.lists, standing = excluded.standing, note = excluded.note, "
      "examined = excluded.examined" +
      std::string(on_conflict);
  database.run(sql, document.path, document.data, is.digest, static_cast<std::int64_t>(is.size),
               is.format, is.level, is.verdict, seconds_of(is.until), is.because, is.suite,
               is.lists, name_of(document.standing), document.note, seconds_of(document.added),
               seconds_of(document.examined), seconds_of(document.extended),
               static_cast<std::int64_t>(document.extensions));
}

// What was announced becomes the document's condition.
void adopt(Database& database, std::int64_t document, Time now) {
  database.run(
      "UPDATE documents SET digest = a.digest, size = a.size, format = a.format, level = a.level, "
      "verdict = a.verdict, until = a.until, because = a.because, suite = a.suite, "
      "lists = a.lists, standing = 'kept', note = '', examined = ?, extended = ?, "
      "extensions = extensions + 1 FROM announced AS a "
      "WHERE documents.id = ? AND a.document = documents.id",
      seconds_of(now), seconds_of(now), document);
}

}  // namespace

Result<RegisterLock, std::string> RegisterLock::take(const fs::path& register_file) {
  fs::path name = register_file;
  name += ".lock";
  Descriptor file(
      ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file) return file_refused_by_system(name, errno).sentence;
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return "another command is changing the register " + register_file.string() +
           ": wait until it is done";
  return RegisterLock(std::move(file));
}

Register::Register(std::unique_ptr<Database> database) : database_(std::move(database)) {}

RegisterResult<std::unique_ptr<Register>> Register::open(const fs::path& file, Mode mode) {
  if (mode == Mode::create && !make_folder(file.parent_path()))
    return storage::Error{0, file_refused_by_system(file.parent_path(), errno).sentence};
  if (mode == Mode::create) {
    // SQLite gives its other files the same mode.
    const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!made) return storage::Error{0, file_refused_by_system(file, errno).sentence};
  }
  auto database = Database::open(file, Database::Mode::open);
  if (!database) return database.error();
  BOOST_OUTCOME_TRY(database.value()->migrate(kRegisterSchema));
  return std::unique_ptr<Register>(new Register(std::move(database).value()));
}

RegisterResult<void> Register::put(std::span<const KeptDocument> documents) {
  return database_->write([&](Database& database) {
    for (const KeptDocument& document : documents) insert(database, "", document);
  });
}

RegisterResult<void> Register::restore(std::span<const KeptDocument> documents) {
  return database_->write([&](Database& database) {
    for (const KeptDocument& document : documents)
      insert(database,
             ", added = excluded.added, extended = excluded.extended, "
             "extensions = excluded.extensions",
             document);
  });
}

RegisterResult<bool> Register::remove(const std::string& path) {
  return database_->write([&](Database& database) {
    database.run("DELETE FROM announced WHERE document = (SELECT id FROM documents WHERE path = ?)",
                 path);
    return database.run("DELETE FROM documents WHERE path = ?", path) > 0;
  });
}

RegisterResult<void> Register::note(std::int64_t document, Standing standing,
                                    const std::string& note, Time examined) {
  return database_->write([&](Database& database) {
    database.run("UPDATE documents SET standing = ?, note = ?, examined = ? WHERE id = ?",
                 name_of(standing), note, seconds_of(examined), document);
  });
}

RegisterResult<std::vector<KeptDocument>> Register::all() {
  return database_->read([](Database& database) {
    return documents_from(database.query(std::string(kSelect) + "ORDER BY path"));
  });
}

RegisterResult<void> Register::each(const std::function<void(const KeptDocument&)>& take) {
  return database_->read([&](Database& database) {
    auto rows = database.query(std::string(kSelect) + "ORDER BY path");
    while (rows.next()) take(document_from(rows));
  });
}

RegisterResult<std::optional<KeptDocument>> Register::find(const std::string& path) {
  return database_->read([&](Database& database) {
    auto rows = database.query(std::string(kSelect) + "WHERE path = ?", path);
    return rows.next() ? std::optional(document_from(rows)) : std::nullopt;
  });
}

RegisterResult<std::vector<KeptDocument>> Register::due(Time limit,
                                                        std::optional<std::int64_t> run) {
  return database_->read([&](Database& database) {
    return documents_from(database.query(
        std::string(kSelect) + "WHERE until <= ? AND tried IS NOT ? ORDER BY until, path",
        seconds_of(limit), run.value_or(-1)));
  });
}

RegisterResult<std::vector<KeptDocument>> Register::to_examine_again(const std::string& suite) {
  return database_->read([&](Database& database) {
    return documents_from(database.query(
        std::string(kSelect) + "WHERE suite <> ? OR verdict <> 'TOTAL-PASSED' ORDER BY path",
        suite));
  });
}

RegisterResult<std::uint64_t> Register::count() {
  return database_->read([](Database& database) {
    auto rows = database.query("SELECT count(*) FROM documents");
    rows.next();
    return static_cast<std::uint64_t>(rows.number(0));
  });
}

RegisterResult<std::optional<RecordedRun>> Register::interrupted_run() {
  return database_->read([](Database& database) {
    auto rows =
        database.query("SELECT id, until FROM runs WHERE ended IS NULL ORDER BY id DESC LIMIT 1");
    return rows.next() ? std::optional(RecordedRun{rows.number(0), wall_time(rows.number(1))})
                       : std::nullopt;
  });
}

RegisterResult<RecordedRun> Register::begin_run(Time limit, Time now) {
  return database_->write([&](Database& database) {
    database.run("UPDATE runs SET ended = ? WHERE ended IS NULL", seconds_of(now));
    database.run("INSERT INTO runs (began, until) VALUES (?, ?)", seconds_of(now),
                 seconds_of(limit));
    auto rows = database.query("SELECT last_insert_rowid()");
    rows.next();
    return RecordedRun{rows.number(0), limit};
  });
}

RegisterResult<void> Register::end_run(std::int64_t run, Time now) {
  return database_->write([&](Database& database) {
    database.run("UPDATE runs SET ended = ? WHERE id = ?", seconds_of(now), run);
  });
}

RegisterResult<void> Register::announce(std::span<const Announcement> announcements) {
  return database_->write([&](Database& database) {
    for (const Announcement& each : announcements) {
      const Condition& is = each.condition;
      database.run(
          "INSERT OR REPLACE INTO announced (document, replacement, digest, size, format, level, "
          "verdict, until, because, suite, lists) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          each.document, each.replacement, is.digest, static_cast<std::int64_t>(is.size), is.format,
          is.level, is.verdict, seconds_of(is.until), is.because, is.suite, is.lists);
    }
  });
}

RegisterResult<void> Register::settle(std::int64_t run, std::span<const Settlement> settlements,
                                      Time now) {
  return database_->write([&](Database& database) {
    for (const Settlement& each : settlements) {
      if (each.replaced)
        adopt(database, each.document, now);
      else if (each.standing != Standing::kept)
        database.run("UPDATE documents SET standing = ?, note = ? WHERE id = ?",
                     name_of(each.standing), each.note, each.document);
      if (each.tried)
        database.run("UPDATE documents SET tried = ? WHERE id = ?", run, each.document);
      database.run("DELETE FROM announced WHERE document = ?", each.document);
    }
  });
}

RegisterResult<std::vector<Announcement>> Register::announced() {
  return database_->read([](Database& database) {
    std::vector<Announcement> found;
    auto rows = database.query(
        "SELECT document, path, replacement, a.digest, a.size, a.format, a.level, a.verdict, "
        "a.until, a.because, a.suite, a.lists FROM announced AS a JOIN documents ON id = document "
        "ORDER BY document");
    while (rows.next())
      found.push_back({rows.number(0), rows.text(1), rows.text(2), condition_from(rows, 3)});
    return found;
  });
}

}  // namespace signet::preservation
