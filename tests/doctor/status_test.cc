// The figures that the module leaves, and `signet status`, which shows them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "tests/doctor/doctor_setup.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Status : public testing::Test {
 protected:
  explicit Status(DoctorSetup::Members members = DoctorSetup::Members::pair) : setup_(members) {
    configure_metrics("1s");
  }

  std::filesystem::path folder() const { return setup_.file("metrics"); }

  void configure_metrics(const std::string& interval) const {
    setup_.configure(setup_.members(), fmt::format("[metrics]\ndir = \"{}\"\ninterval = \"{}\"\n",
                                                   folder().string(), interval));
  }

  static boost::json::value status() {
    const Ran ran = run_signet({"status", "--json"});
    EXPECT_EQ(ran.err, "");
    return boost::json::parse(ran.out);
  }

  void work(int signatures) const {
    const Module module;
    Session session(module);
    session.login(setup_.pin());
    const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
    for (int i = 0; i < signatures; ++i) session.sign(CKM_ECDSA_SHA256, key, view_of("document"));
  }

  DoctorSetup setup_;
};

TEST_F(Status, ShowsWhatAnEndedProcessHasDone) {
  ASSERT_TRUE(in_other_process([&] { work(3); }));
  const auto processes = status().at("processes").as_array();
  ASSERT_THAT(processes, SizeIs(1));
  EXPECT_EQ(processes[0].at("state"), "ended");
  const auto& token = processes[0].at("tokens").at(0);
  EXPECT_EQ(token.at("label"), "seal");
  EXPECT_EQ(token.at("calls"), 5) << "account, objects, three signatures";
  EXPECT_EQ(token.at("failures"), 0);
  const auto& primary = token.at("members").at(0);
  EXPECT_EQ(primary.at("url").as_string(), setup_.members()[0].url);
  EXPECT_EQ(primary.at("requests"), 5);
  EXPECT_EQ(primary.at("handshakes"), 1);
  EXPECT_EQ(token.at("members").at(1).at("requests"), 0);
}

TEST_F(Status, NamesRunningProcessesAndThoseThatGoOnWithoutTheModule) {
  {
    const Module module;
    const Session session(module);
    const auto processes = status().at("processes").as_array();
    ASSERT_THAT(processes, SizeIs(1));
    EXPECT_EQ(processes[0].at("pid"), getpid());
    EXPECT_EQ(processes[0].at("state"), "running");
    EXPECT_EQ(processes[0].at("program"), "status_test");
  }
  EXPECT_EQ(status().at("processes").at(0).at("state"), "finalized");
}

TEST_F(Status, CountsFailoversAtTheMemberThatTookOver) {
  setup_.primary().kill();
  ASSERT_TRUE(in_other_process([&] { work(2); }));
  const auto now = status();
  EXPECT_EQ(now.at("healthy"), false);
  EXPECT_EQ(now.at("members").at(0).at("answers"), false);
  EXPECT_EQ(now.at("members").at(1).at("answers"), true);
  const auto& members = now.at("processes").at(0).at("tokens").at(0).at("members");
  EXPECT_GE(members.at(0).at("requestFailures").as_int64(), 1);
  EXPECT_GE(members.at(1).at("failovers").as_int64(), 1);
  EXPECT_EQ(run_signet({"status"}).status, 1);
}

TEST_F(Status, ManyProcessesDoNotOverwriteEachOther) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(in_other_process([&] { work(1); }));
  EXPECT_THAT(status().at("processes").as_array(), SizeIs(3));
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    struct stat status {};
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << entry.path();
  }
}

TEST_F(Status, AForkedChildDoesNotWriteItsParentsFigures) {
  ASSERT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(setup_.pin());
    const pid_t child = fork();
    if (child == 0) {
      CK_INFO info{};
      const CK_RV parents = module->C_GetInfo(&info);
      module->C_Finalize(nullptr);
      _exit(parents == CKR_CRYPTOKI_NOT_INITIALIZED ? 0 : 1);
    }
    int ended = 0;
    ASSERT_EQ(waitpid(child, &ended, 0), child);
    EXPECT_EQ(ended, 0);
    const auto processes = status().at("processes").as_array();
    ASSERT_THAT(processes, SizeIs(1));
    EXPECT_EQ(processes[0].at("pid"), getpid());
    EXPECT_EQ(processes[0].at("state"), "running") << "the child has not finalized it";
  }));
}

TEST_F(Status, AChildThatInitializesWritesItsOwn) {
  ASSERT_TRUE(in_other_process([&] {
    const Module module;
    const Session session(module);
    const pid_t child = fork();
    if (child == 0) {
      const bool good = module.initialize() == CKR_OK && module->C_Finalize(nullptr) == CKR_OK;
      _exit(good ? 0 : 1);
    }
    int ended = 0;
    ASSERT_EQ(waitpid(child, &ended, 0), child);
    EXPECT_EQ(ended, 0);
    EXPECT_THAT(status().at("processes").as_array(), SizeIs(2));
  }));
}

TEST_F(Status, AProcessThatForgetsCFinalizeLeavesItsFiguresAtItsExit) {
  configure_metrics("60m");
  const pid_t child = fork();
  if (child == 0) {
    const LoadedModule module;
    if (module.initialize() != CKR_OK) _exit(1);
    Session session(module);
    session.login(setup_.pin());
    exit(0);  // NOLINT(concurrency-mt-unsafe)
  }
  int ended = 0;
  ASSERT_EQ(waitpid(child, &ended, 0), child);
  ASSERT_EQ(ended, 0);
  const auto processes = status().at("processes").as_array();
  ASSERT_THAT(processes, SizeIs(1));
  EXPECT_EQ(processes[0].at("tokens").at(0).at("calls"), 2);
}

TEST_F(Status, PrometheusGetsTheRunningProcessesAsOneText) {
  ASSERT_TRUE(in_other_process([&] { work(1); }));
  const Module module;
  const Session session(module);
  const Ran ran = run_signet({"status", "--prometheus"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr(fmt::format("signet_calls_total{{pid=\"{}\",token=\"seal\"}} 0\n",
                                             getpid())));
  const std::string first = "# HELP signet_calls_total";
  EXPECT_EQ(ran.out.find(first), ran.out.rfind(first)) << ran.out;
  const std::string figure = "signet_calls_total{pid=";
  EXPECT_EQ(ran.out.find(figure), ran.out.rfind(figure)) << "an ended process stands there";
}

// The example of the manual.
TEST_F(Status, AFileForTheNodeExporterIsReplacedWhole) {
  const Module module;
  const Session session(module);
  const std::string shell = fmt::format(
      "cd {0} && {1} status --prometheus > signet.prom.new && mv signet.prom.new {0}/signet.prom",
      setup_.file("").string(), SIGNET_TEST_COMMAND);
  output_of({"/bin/sh", "-c", shell});
  EXPECT_THAT(read_file(setup_.file("signet.prom")), HasSubstr("signet_module_active"));
}

TEST_F(Status, TheTextSaysTheSame) {
  ASSERT_TRUE(in_other_process([&] { work(3); }));
  const Ran ran = run_signet({"status"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("✓ token \"seal\", " + setup_.members()[0].url));
  EXPECT_THAT(ran.out, HasSubstr("(status_test, user "));
  EXPECT_THAT(ran.out, HasSubstr("token \"seal\": calls 5, failed 0"));
  EXPECT_THAT(ran.out, HasSubstr("requests 5, failed 0, retries 0, failovers 0"));
}

TEST_F(Status, WithoutAFolderThereAreNoFigures) {
  setup_.configure(setup_.members());
  work(1);
  EXPECT_FALSE(std::filesystem::exists(folder()));
  const auto now = status();
  EXPECT_TRUE(now.at("metricsDir").is_null());
  EXPECT_THAT(now.at("processes").as_array(), IsEmpty());
  EXPECT_EQ(run_signet({"status", "--prometheus"}).status, 1);
}

}  // namespace
}  // namespace signet::tests
