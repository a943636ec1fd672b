// `signet-seald backup` and `migrate`: what an operator does with the database as a whole.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <memory>

#include "common/descriptor.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/store/schema.h"

namespace signet::sealserver {

namespace {

constexpr const char* kUnfinished = ".new";

struct BackupOptions {
  std::filesystem::path folder;
  std::filesystem::path file;
};

[[noreturn]] void refuse_file(const std::filesystem::path& file) {
  throw std::runtime_error(file.string() + ": " + system_text(errno));
}

// What is in the file, or the names in the folder, is on disk.
void sync_to_disk(const std::filesystem::path& file, int flags) {
  const Descriptor opened(open(file.c_str(), flags | O_CLOEXEC));
  if (!opened || fsync(opened.get()) != 0) refuse_file(file);
}

// One state of the database, whatever is written meanwhile. Under its own name it is there as a whole or not at all.
void copy_database(storage::SqlConnection& sql, const std::filesystem::path& file) {
  const std::filesystem::path unfinished = file.string() + kUnfinished;
  std::filesystem::remove(unfinished);
  // SQLite gives it the rights that the process's mask leaves.
  const mode_t mask = umask(077);
  try {
    sql.run("VACUUM INTO :file", {unfinished.string()});
  } catch (...) {
    umask(mask);
    std::filesystem::remove(unfinished);
    throw;
  }
  umask(mask);
  sync_to_disk(unfinished, O_RDONLY);
  if (std::rename(unfinished.c_str(), file.c_str()) != 0) refuse_file(file);
  sync_to_disk(std::filesystem::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY);
}

void back_up(const BackupOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const auto sql = storage::SqlConnection::open(folder.database());
  if (sql->product() != storage::SqlConnection::Product::sqlite)
    throw std::runtime_error("The database is PostgreSQL's: pg_dump backs it up while it serves.");
  if (std::filesystem::exists(options.file))
    throw std::runtime_error(options.file.string() + " is there already.");
  copy_database(*sql, options.file);
  const auto copy = storage::SqlConnection::open(options.file.string());
  const auto newest = newest_checkpoint(*copy);
  std::cout << (newest ? newest->size : 0) << " events\n";
}

std::size_t steps_of(storage::SqlConnection& sql) {
  try {
    return static_cast<std::size_t>(
        sql.query("SELECT count(*) FROM schema_step").front().number(0));
  } catch (const storage::SqlError& error) {
    if (error.disconnected()) throw;
    return 0;  // there is no such table yet
  }
}

void migrate_folder(const std::filesystem::path& dir) {
  const ServerFolder folder = ServerFolder::open(dir);
  const auto sql = storage::SqlConnection::open(folder.database());
  const std::size_t before = steps_of(*sql);
  sql->migrate(schema());
  std::cout << "version " << steps_of(*sql) << ", was " << before << '\n';
}

}  // namespace

void add_database_commands(CLI::App& app) {
  CLI::App* backup = app.add_subcommand(
      "backup", "Copy the database of SQLite to a file, also while the server runs");
  const auto options = std::make_shared<BackupOptions>();
  backup->add_option("dir", options->folder, "The server's folder")->required();
  backup->add_option("file", options->file, "A new file")->required();
  backup->callback([options] { back_up(*options); });
  CLI::App* migrate = app.add_subcommand(
      "migrate", "Bring the database's tables to this program's version; run does so by itself");
  const auto folder = std::make_shared<std::filesystem::path>();
  migrate->add_option("dir", *folder, "The server's folder")->required();
  migrate->callback([folder] { migrate_folder(*folder); });
}

}  // namespace signet::sealserver
