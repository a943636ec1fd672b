#include "storage/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/testing/scratch_folder.h"

namespace signet::storage {
namespace {

constexpr const char* kSteps[] = {
    "CREATE TABLE numbers (number INTEGER PRIMARY KEY, filler BLOB NOT NULL);"};

std::unique_ptr<Store> open_store(const std::filesystem::path& file) {
  return Store::open(file, kSteps).value();
}

Result<void, Error> add(Store& store, std::int64_t number, std::size_t filler = 0) {
  return store.write([&](Database& database) {
    database.run("INSERT INTO numbers VALUES (?, ?)", number, Bytes(filler));
  });
}

std::int64_t count(Store& store) {
  return store
      .read([](Database& database) {
        Rows rows = database.query("SELECT count(*) FROM numbers");
        return rows.next() ? rows.number(0) : -1;
      })
      .value();
}

bool holds(Store& store, std::int64_t number) {
  return store
      .read([&](Database& database) {
        return database.query("SELECT 1 FROM numbers WHERE number = ?", number).next();
      })
      .value();
}

// Runs `work` in a child process; the exit status, or minus the signal that ended it.
template <typename Work>
int in_child(Work work) {
  const pid_t pid = fork();
  if (pid == 0) _exit(work());
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return -1000;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

class StoreTest : public testing::Test {
 protected:
  ScratchFolder folder;
  std::filesystem::path file = folder.path("test.db");
};

TEST_F(StoreTest, ReadsWithoutADescriptorMoreOnceReadersArePrepared) {
  const auto open_now = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto store = open_store(folder / "state.db");
  ASSERT_TRUE(store->prepare_readers(4));
  const auto before = open_now();
  std::barrier all_read(4);
  const auto read = [&] {
    EXPECT_TRUE(store->read([&](Database& database) {
      const bool found = database.query("SELECT 1 FROM numbers").next();
      all_read.arrive_and_wait();
      return found;
    }));
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(read);
  }
  EXPECT_EQ(open_now(), before);
}

TEST_F(StoreTest, CommitsWhatManyThreadsWriteAtOnce) {
  const auto store = open_store(file);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 50; ++k) {
        EXPECT_TRUE(add(*store, i * 50 + k));
        EXPECT_TRUE(holds(*store, i * 50 + k)) << "what was acknowledged is not seen";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count(*store), 400);
}

TEST_F(StoreTest, UndoesAFailedWriteAndNoOther) {
  const auto store = open_store(file);
  const auto throwing = [](Database& database) {
    database.run("INSERT INTO numbers VALUES (1, '')");
    throw std::logic_error("no");
  };
  EXPECT_THROW((void)store->write(throwing), std::logic_error);
  const auto refused = store->write([](Database& database) -> Result<int, std::string> {
    database.run("INSERT INTO numbers VALUES (2, '')");
    return "no";
  });
  EXPECT_EQ(refused.value().error(), "no");
  EXPECT_FALSE(store->write([](Database& database) {
    database.run("INSERT INTO numbers VALUES (3, '')");
    database.run("INSERT INTO numbers VALUES (3, '')");
  }));
  EXPECT_EQ(store
                ->write([](Database& database) {
                  return database.run("INSERT INTO numbers VALUES (4, '')");
                })
                .value(),
            1);
  EXPECT_EQ(count(*store), 1);
  EXPECT_TRUE(holds(*store, 4));
}

TEST_F(StoreTest, OneOfManyThatFailsTakesNoOtherWithIt) {
  const auto store = open_store(file);
  ASSERT_TRUE(add(*store, 0));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 50; ++k) {
        const bool fails = i % 2 == 0;  // number 0 is there already
        EXPECT_EQ(add(*store, fails ? 0 : i * 50 + k + 1).has_value(), !fails);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count(*store), 201);
}

// The other process is there before SQLite is used here: SQLite's own record of locks must not be inherited.
TEST_F(StoreTest, ServesTwoProcessesAtOnce) {
  int begin[2];
  ASSERT_EQ(pipe(begin), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    char ignored = 0;
    if (read(begin[0], &ignored, 1) != 1) _exit(2);
    const auto other = open_store(file);
    for (int i = 0; i < 50; ++i) {
      if (!add(*other, 1000 + i)) _exit(1);
    }
    _exit(0);
  }
  const auto store = open_store(file);
  EXPECT_EQ(write(begin[1], "x", 1), 1);
  EXPECT_TRUE(add(*store, 1));
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(count(*store), 51);
  close(begin[0]);
  close(begin[1]);
}

TEST_F(StoreTest, NothingAcknowledgedIsLostWhenItIsKilled) {
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    int told[2];
    ASSERT_EQ(pipe(told), 0);
    const pid_t pid = fork();
    if (pid == 0) {
      const auto store = open_store(file);
      for (std::int64_t number = acknowledged + 1;; ++number) {
        if (!add(*store, number, 2000) || write(told[1], &number, sizeof(number)) < 0) _exit(1);
      }
    }
    close(told[1]);
    std::int64_t number = 0;
    while (read(told[0], &number, sizeof(number)) == sizeof(number)) {
      acknowledged = number;
      if (number % 23 == round) kill(pid, SIGKILL);
    }
    close(told[0]);
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    const auto store = open_store(file);
    for (std::int64_t each = 1; each <= acknowledged; ++each)
      ASSERT_TRUE(holds(*store, each)) << each;
    // One more may have been committed and not told.
    acknowledged = count(*store);
  }
}

TEST_F(StoreTest, AFullDiskIsAnErrorThatPasses) {
  ASSERT_EQ(count(*open_store(file)), 0);
  // In a process of its own: the limit holds for all that the process writes.
  const int status = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const auto store = open_store(file);
    rlimit limit{.rlim_cur = 512UL * 1024, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    std::int64_t number = 1;
    auto added = add(*store, number, 10'000);
    for (; added && number < 1000; added = add(*store, ++number, 10'000)) {
    }
    if (added) return 2;
    if (added.error().code != SQLITE_FULL && added.error().code != SQLITE_IOERR) return 3;
    if (count(*store) != number - 1) return 4;
    limit.rlim_cur = RLIM_INFINITY;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 5;
    if (!add(*store, number, 10'000)) return 6;
    return count(*store) == number ? 0 : 7;
  });
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(add(*open_store(file), 10'000));
}

TEST_F(StoreTest, AFileThatIsNotThereIsAnErrorWhereNothingCanMakeIt) {
  EXPECT_FALSE(Store::open(file, {}));
  EXPECT_FALSE(Store::open(folder.path("absent") / "test.db", kSteps));
}

}  // namespace
}  // namespace signet::storage
