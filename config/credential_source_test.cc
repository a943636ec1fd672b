#include "config/credential_source.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "config/credential_command.h"

namespace signet::config {
namespace {

using namespace std::chrono_literals;

CredentialSource source(const std::string& text) {
  auto parsed = CredentialSource::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.has_value() ? parsed.value() : CredentialSource{};
}

// The secret, or "error: …".
std::string outcome(const std::string& text) {
  const auto secret = source(text).read();
  return secret.has_value() ? std::string(text_of(secret.value().reveal()))
                            : "error: " + secret.error();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(CredentialSource, HasFourForms) {
  EXPECT_EQ(source("file:/p").kind, CredentialSource::Kind::file);
  EXPECT_EQ(source("env:SIGNET_PIN").kind, CredentialSource::Kind::environment);
  EXPECT_EQ(source("systemd:seal.pin").kind, CredentialSource::Kind::systemd_credential);
  EXPECT_EQ(source("command:/bin/cat /p").kind, CredentialSource::Kind::command);
}

TEST(CredentialSource, RefusesEverythingElseWithoutRepeatingIt) {
  for (const char* text :
       {"", "hunter2", "file:hunter2", "env:hunter 2", "env:2hunter2", "systemd:../hunter2",
        "systemd:..", "command:hunter2", "FILE:/hunter2"}) {
    const auto parsed = CredentialSource::parse(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_FALSE(mentions(parsed.error(), "hunter2")) << parsed.error();
  }
}

TEST(FileCredential, LosesOneLineEnd) {
  const ScratchFolder folder;
  const std::string name = "file:" + folder.path("pin").string();
  folder.write("pin", "1234\n");
  EXPECT_EQ(outcome(name), "1234");
  folder.write("pin", "1234\r\n");
  EXPECT_EQ(outcome(name), "1234");
  folder.write("pin", "1234\n\n");
  EXPECT_EQ(outcome(name), "1234\n");
  folder.write("pin", " 12 34 ");
  EXPECT_EQ(outcome(name), " 12 34 ");
}

TEST(FileCredential, IsReadEachTime) {
  const ScratchFolder folder;
  folder.write("pin", "old");
  const CredentialSource file = source("file:" + folder.path("pin").string());
  EXPECT_EQ(text_of(file.read().value().reveal()), "old");
  folder.write("pin", "new");
  EXPECT_EQ(text_of(file.read().value().reveal()), "new");
}

TEST(FileCredential, RefusesWhatOthersMayReadOrIsEmptyOrHuge) {
  const ScratchFolder folder;
  const std::string name = "file:" + folder.path("pin").string();
  folder.write("pin", "hunter2", 0644);
  EXPECT_TRUE(mentions(outcome(name), "can be read by others"));
  EXPECT_FALSE(mentions(outcome(name), "hunter2"));
  folder.write("pin", "\n");
  ::chmod(folder.path("pin").c_str(), 0600);
  EXPECT_TRUE(mentions(outcome(name), "holds no password"));
  folder.write("pin", std::string(4097, 'x'));
  EXPECT_TRUE(mentions(outcome(name), "larger than 4096 bytes"));
}

// What `work` gives in a process of another user; 255 where it cannot become that.
int as_user(uid_t user, gid_t group, std::vector<gid_t> others, const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    const bool became = setgroups(others.size(), others.data()) == 0 &&
                        setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0;
    _exit(became ? work() : 255);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

enum Seen { readable, refused, not_given };

TEST(FileCredential, IsForRootAndTheGroupToWhichRootGaveIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become others";
  constexpr uid_t kUser = 12345;
  constexpr gid_t kGroup = 12346;
  const ScratchFolder folder;
  const std::string file = folder.write("pin", "1234", 0640).string();
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
  const auto look = [&]() -> int {
    const CredentialSource credential = source("file:" + file);
    if (!credential.is_given()) return not_given;
    return credential.read().has_value() ? readable : refused;
  };
  ASSERT_EQ(chown(file.c_str(), 0, kGroup), 0);
  EXPECT_EQ(look(), readable) << "root";
  EXPECT_EQ(as_user(kUser, kGroup, {}, look), readable);
  EXPECT_EQ(as_user(kUser, kUser, {1, kGroup}, look), readable);
  EXPECT_EQ(as_user(kUser, kUser, {}, look), not_given);
  ASSERT_EQ(chmod(file.c_str(), 0600), 0);
  EXPECT_EQ(as_user(kUser, kGroup, {}, look), not_given);
  // Only root decides who shares a password.
  ASSERT_EQ(chown(file.c_str(), kUser, kGroup), 0);
  EXPECT_EQ(as_user(kUser, kGroup, {}, look), readable);
  ASSERT_EQ(chmod(file.c_str(), 0640), 0);
  EXPECT_EQ(as_user(kUser, kGroup, {}, look), refused);
  ASSERT_EQ(chown(file.c_str(), 0, kGroup), 0);
  for (const mode_t mode : {0644U, 0660U, 0642U}) {
    ASSERT_EQ(chmod(file.c_str(), mode), 0);
    EXPECT_EQ(as_user(kUser, kGroup, {}, look), refused) << mode;
  }
  ASSERT_EQ(chmod(folder.path().c_str(), 0700), 0);
  EXPECT_EQ(as_user(kUser, kGroup, {}, look), not_given) << "a folder that it may not search";
}

TEST(CredentialSource, IsNotGivenWhereThisProcessLacksIt) {
  const ScratchFolder folder;
  unsetenv("SIGNET_TEST_PIN");
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(source("env:SIGNET_TEST_PIN").is_given());
  EXPECT_FALSE(source("systemd:seal.pin").is_given());
  setenv("SIGNET_TEST_PIN", "1", 1);
  EXPECT_TRUE(source("env:SIGNET_TEST_PIN").is_given());
  unsetenv("SIGNET_TEST_PIN");
  const std::string program = folder.write("program", "#!/bin/sh\n", 0600).string();
  EXPECT_FALSE(source("command:" + program + " a").is_given());
  ASSERT_EQ(chmod(program.c_str(), 0700), 0);
  EXPECT_TRUE(source("command:" + program + " a").is_given());
  EXPECT_TRUE(source("file:" + folder.path("none").string()).is_given()) << "a mistake to be told";
}

TEST(EnvironmentCredential, IsTheVariablesValue) {
  setenv("SIGNET_TEST_PIN", "1234", 1);
  EXPECT_EQ(outcome("env:SIGNET_TEST_PIN"), "1234");
  setenv("SIGNET_TEST_PIN", "", 1);
  EXPECT_TRUE(mentions(outcome("env:SIGNET_TEST_PIN"), "is not set"));
  unsetenv("SIGNET_TEST_PIN");
  EXPECT_TRUE(mentions(outcome("env:SIGNET_TEST_PIN"), "SIGNET_TEST_PIN"));
}

TEST(SystemdCredential, ComesFromTheUnitsFolder) {
  const ScratchFolder folder;
  folder.write("seal.pin", "1234", 0440);
  setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  EXPECT_EQ(outcome("systemd:seal.pin"), "1234");
  EXPECT_TRUE(mentions(outcome("systemd:other"), "error:"));
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_TRUE(mentions(outcome("systemd:seal.pin"), "LoadCredential=seal.pin"));
}

// A variable of this process, for a while.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const before = getenv(name); before != nullptr) before_ = before;
    setenv(name, value, 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

class CommandCredential : public testing::Test {
 protected:
  // A script of its own; `body` runs under /bin/sh.
  std::string script(const std::string& body) const {
    return folder_.write("script", "#!/bin/sh\n" + body + "\n", 0700).string();
  }

  std::string run(const std::string& body, Milliseconds limit = 10s) const {
    const auto output = output_of({script(body), "a b", "c"}, limit, 100);
    return output.has_value() ? std::string(text_of(output.value())) : "error: " + output.error();
  }

  ScratchFolder folder_;
};

TEST_F(CommandCredential, IsTheStandardOutput) {
  EXPECT_EQ(outcome("command:/bin/echo 12 34"), "12 34");
  EXPECT_EQ(outcome("command:/bin/echo   $HOME  *"), "$HOME *");
}

TEST_F(CommandCredential, GetsItsWordsAsTheyAre) {
  EXPECT_EQ(run("echo \"$#|$1|$2\""), "2|a b|c\n");
  EXPECT_EQ(split_words("  /bin/x\ta  b "), (std::vector<std::string>{"/bin/x", "a", "b"}));
}

TEST_F(CommandCredential, ReadsNothingAndInheritsNothing) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);  // without O_CLOEXEC, as careless hosts have them
  // 0, 1, 2, the script's own file and the one ls opens.
  EXPECT_EQ(run("cat; ls /proc/self/fd | wc -l"), "5\n");
  close(ends[0]);
  close(ends[1]);
}

TEST_F(CommandCredential, HasTheSameEnvironmentWhoeverStartsTheHost) {
  const Variable variables[] = {{"PYTHONPATH", "/stranger"},    {"BASH_ENV", "/stranger/x"},
                                {"LD_PRELOAD", "/stranger.so"}, {"HOME", "/stranger"},
                                {"PATH", "/stranger"},          {"XDG_RUNTIME_DIR", "/stranger"}};
  const auto output = output_of({"/usr/bin/env"}, 10s, 4096);
  ASSERT_TRUE(output) << output.error();
  const std::string environment(text_of(output.value()));
  EXPECT_FALSE(mentions(environment, "stranger")) << environment;
  EXPECT_TRUE(mentions(environment, "\nHOME=" + std::string(getpwuid(geteuid())->pw_dir) + "\n"));
  EXPECT_TRUE(environment.starts_with("PATH=/usr/local/sbin:")) << environment;
  EXPECT_LE(std::ranges::count(environment, '\n'), 6);
}

// "/bin/sh" is a link, and its name tells some programs what to be.
TEST_F(CommandCredential, IsToldItsNameAsItWasGiven) {
  EXPECT_EQ(run("echo $0"), folder_.path("script").string() + "\n");
  const auto name = output_of({"/bin/cat", "/proc/self/cmdline"}, 10s, 100);
  ASSERT_TRUE(name) << name.error();
  EXPECT_EQ(std::string(text_of(name.value())).c_str(), std::string("/bin/cat"));
}

TEST_F(CommandCredential, IsTheFileThatWasLookedAtHoweverFewDescriptorsTheHostHasOpen) {
  const pid_t host = fork();
  if (host == 0) {
    for (int standard = 0; standard < 3; ++standard) close(standard);
    const auto output = output_of({"/bin/echo", "x"}, 10s, 100);
    _exit(output && text_of(output.value()) == "x\n" ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(host, &status, 0), host);
  EXPECT_EQ(status, 0);
}

TEST_F(CommandCredential, StartsWithoutBlockedOrIgnoredSignals) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto former = std::signal(SIGPIPE, SIG_IGN);
  const std::string blocked = run("sed -n 's/^SigBlk:.//p' /proc/self/status");
  const std::string ignored = run("sed -n 's/^SigIgn:.//p' /proc/self/status");
  (void)std::signal(SIGPIPE, former);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(blocked, "0000000000000000\n");
  EXPECT_EQ(std::stoull(ignored, nullptr, 16) >> (SIGPIPE - 1) & 1U, 0U) << ignored;
}

TEST_F(CommandCredential, AFailureGivesNoOutput) {
  EXPECT_EQ(run("echo hunter2; exit 3").find("error: failed"), 0U);
  EXPECT_FALSE(mentions(run("echo hunter2; exit 3"), "hunter2"));
  EXPECT_EQ(run("echo hunter2; kill -9 $$").find("error: failed"), 0U);
}

TEST_F(CommandCredential, ItsOutputIsLimited) {
  EXPECT_EQ(run("printf %0100d 0").size(), 100U);
  EXPECT_EQ(run("printf %0101d 0"), "error: wrote more than 100 bytes");
  EXPECT_EQ(run("exec cat /dev/zero"), "error: wrote more than 100 bytes");
}

TEST_F(CommandCredential, IsEndedWithAllItsChildrenAtItsLimit) {
  const auto start = std::chrono::steady_clock::now();
  const std::string mark = folder_.path("still-there").string();
  EXPECT_EQ(run("(sleep 2; touch " + mark + ") & sleep 60", 300ms),
            "error: took longer than 300 ms");
  EXPECT_EQ(run("exec >&-; sleep 60", 300ms), "error: took longer than 300 ms");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s) << "it slept to its end";
  std::this_thread::sleep_for(2500ms);
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(CommandCredential, LeavesTheHostsOwnChildrenAlone) {
  const pid_t own = fork();
  if (own == 0) _exit(7);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(run("echo x"), "x\n");
  int status = 0;
  ASSERT_EQ(waitpid(own, &status, 0), own);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // and none of ours is left
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(CommandCredential, WorksWhereTheHostIgnoresItsChildren) {
  const auto former = std::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(run("echo x"), "x\n");
  (void)std::signal(SIGCHLD, former);
}

TEST_F(CommandCredential, WorksInManyThreadsAtOnce) {
  const std::string path = script("echo \"$1\"");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        const auto output = output_of({path, std::to_string(i)}, 10s, 100);
        ASSERT_TRUE(output.has_value()) << output.error();
        EXPECT_EQ(text_of(output.value()), std::to_string(i) + "\n");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(CommandCredential, TheProgramMayNotBeWritableByOthers) {
  const std::string path = script("echo x");
  ::chmod(path.c_str(), 0777);
  EXPECT_TRUE(mentions(outcome("command:" + path), "can be changed by others"));
  EXPECT_TRUE(mentions(outcome("command:/no/such/program"), "cannot be run"));
  ::chmod(path.c_str(), 0700);
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_TRUE(mentions(outcome("command:" + path), "can be changed by others"));
}

}  // namespace
}  // namespace signet::config
