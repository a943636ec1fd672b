#include "common/log_target.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>

#include "common/descriptor.h"
#include "common/testing/scratch_folder.h"

namespace signet::log {
namespace {

Entry target_entry(std::string_view message) {
  return {std::chrono::system_clock::now(), Level::error, 7, message, {}};
}

// The receiving end of /dev/log or of the journal's socket.
class Receiver {
 public:
  explicit Receiver(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
  }

  std::string receive() const {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  Descriptor socket_;
};

class FileTargetTest : public testing::Test {
 protected:
  std::unique_ptr<Target> open_log() const {
    auto made = make_file_target(folder_.path("log"), Format::text);
    EXPECT_TRUE(made.has_value());
    return std::move(made).value();
  }

  ScratchFolder folder_;
};

TEST_F(FileTargetTest, CreatesAnOwnerOnlyFile) {
  open_log()->write(target_entry("first"));
  struct stat status {};
  ASSERT_EQ(stat(folder_.path("log").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(FileTargetTest, AppendsToWhatIsThere) {
  folder_.write("log", "before\n");
  open_log()->write(target_entry("after"));
  EXPECT_EQ(folder_.read("log").rfind("before\n", 0), 0U);
  EXPECT_NE(folder_.read("log").find("after"), std::string::npos);
}

// What the host opens gets the number of a descriptor that it has closed.
TEST_F(FileTargetTest, WritesIntoItsFileThoughTheHostHasClosedIt) {
  const auto target = open_log();
  target->write(target_entry("one"));
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);  // the log's is just below
  folder_.write("theirs", "");
  const Descriptor theirs(::open(folder_.path("theirs").c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
  for (int number = next - 1; number >= 3; --number) {
    if (OpenFile::of(number) == OpenFile::named(folder_.path("log").c_str())) {
      dup3(theirs.get(), number, O_CLOEXEC);
    }
  }
  target->write(target_entry("two"));
  EXPECT_EQ(folder_.read("theirs"), "");
  EXPECT_NE(folder_.read("log").find("two"), std::string::npos);
  ::close(next);
}

TEST(StderrTarget, DoesNotWriteIntoAFileThatTheHostHasPutInItsPlace) {
  const ScratchFolder folder;
  const auto target = make_stderr_target(Format::text);
  const Descriptor kept(::dup(STDERR_FILENO));
  const auto written_to = [&](int flags) {
    folder.write("theirs", "");
    const Descriptor file(::open(folder.path("theirs").c_str(), O_WRONLY | O_CLOEXEC | flags));
    dup2(file.get(), STDERR_FILENO);
    target->write(target_entry("said"));
    dup2(kept.get(), STDERR_FILENO);
    return folder.read("theirs").find("said") != std::string::npos;
  };
  EXPECT_FALSE(written_to(0));
  EXPECT_TRUE(written_to(O_APPEND)) << "the host's log, which it has opened again";
}

TEST_F(FileTargetTest, FollowsARotationByName) {
  const auto target = open_log();
  target->write(target_entry("one"));
  std::filesystem::rename(folder_.path("log"), folder_.path("log.1"));
  target->write(target_entry("two"));
  EXPECT_NE(folder_.read("log.1").find("one"), std::string::npos);
  EXPECT_EQ(folder_.read("log.1").find("two"), std::string::npos);
  EXPECT_NE(folder_.read("log").find("two"), std::string::npos);
}

TEST_F(FileTargetTest, StaysWithItsFileWhereTheNameTurnsIntoALink) {
  const auto target = open_log();
  folder_.write("victim", "");
  std::filesystem::rename(folder_.path("log"), folder_.path("log.1"));
  std::filesystem::create_symlink(folder_.path("victim"), folder_.path("log"));
  target->write(target_entry("two"));
  EXPECT_EQ(folder_.read("victim"), "");
  EXPECT_NE(folder_.read("log.1").find("two"), std::string::npos);
}

TEST_F(FileTargetTest, RefusesALinkAFifoAndAFolderThatIsNotThere) {
  folder_.write("real", "");
  std::filesystem::create_symlink(folder_.path("real"), folder_.path("link"));
  ASSERT_EQ(mkfifo(folder_.path("fifo").c_str(), 0600), 0);
  for (const char* name : {"link", "fifo", "none/log"}) {
    const auto made = make_file_target(folder_.path(name), Format::text);
    ASSERT_TRUE(made.has_error()) << name;
    EXPECT_NE(made.error().find(name), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path("none")));
}

TEST(DatagramTarget, JournalGetsOneDatagramPerEntry) {
  const ScratchFolder folder;
  const Receiver receiver(folder.path("journal"));
  const auto made = make_journal_target(folder.path("journal"), Format::text);
  ASSERT_TRUE(made.has_value());
  made.value()->write(target_entry("two\nlines"));
  EXPECT_EQ(receiver.receive(),
            "MESSAGE=two\\nlines\nPRIORITY=3\nSYSLOG_IDENTIFIER=signet\nSYSLOG_PID=7\n");
  EXPECT_EQ(receiver.receive(), "nothing");
}

TEST(DatagramTarget, SyslogGetsJsonWhereAsked) {
  const ScratchFolder folder;
  const Receiver receiver(folder.path("log"));
  const auto made = make_syslog_target(folder.path("log"), Format::json);
  ASSERT_TRUE(made.has_value());
  made.value()->write(target_entry("hello"));
  const std::string datagram = receiver.receive();
  EXPECT_EQ(datagram.rfind("<11>signet[7]: {\"time\":\"", 0), 0U) << datagram;
}

TEST(DatagramTarget, ReachesAReaderThatWasRestarted) {
  const ScratchFolder folder;
  auto first = std::make_unique<Receiver>(folder.path("log"));
  const auto made = make_syslog_target(folder.path("log"), Format::text);
  ASSERT_TRUE(made.has_value());
  first.reset();
  made.value()->write(target_entry("lost"));
  std::filesystem::remove(folder.path("log"));
  const Receiver second(folder.path("log"));
  made.value()->write(target_entry("kept"));
  EXPECT_EQ(second.receive(), "<11>signet[7]: kept");
}

TEST(DatagramTarget, DropsEntriesThatTheReaderHasNoRoomFor) {
  const ScratchFolder folder;
  const Receiver receiver(folder.path("log"));
  const auto made = make_syslog_target(folder.path("log"), Format::text);
  ASSERT_TRUE(made.has_value());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 5000; ++i) made.value()->write(target_entry("nobody reads"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_EQ(receiver.receive(), "<11>signet[7]: nobody reads");
}

TEST(DatagramTarget, SaysWhichSocketIsMissing) {
  const ScratchFolder folder;
  const auto made = make_journal_target(folder.path("none"), Format::text);
  ASSERT_TRUE(made.has_error());
  EXPECT_NE(made.error().find("journald"), std::string::npos);
  EXPECT_NE(made.error().find(folder.path("none").string()), std::string::npos);
}

}  // namespace
}  // namespace signet::log
