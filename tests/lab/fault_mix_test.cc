// Thousands of operations under every fault at once. SIGNET_LAB_OPERATIONS says how many (600),
// SIGNET_LAB_SEED repeats the faults and the choices of a run that has printed it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

#include "tests/lab/mixed_work.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

// Most of an operation is waiting for a fault to pass: a long run has more of them at a time.
int workers_for(int operations) {
  constexpr int many = 1'000;
  return operations > many ? 24 : 12;
}

constexpr LabLimits kLimits{.call = Milliseconds(6'000),
                            .key_generation = Milliseconds(8'000),
                            .connect = Milliseconds(500),
                            .sign_attempt = Milliseconds(1'000),
                            .generate_attempt = Milliseconds(2'000),
                            .connections = 24};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::vector<std::string> reader_labels(int count) {
  std::vector<std::string> labels;
  for (int worker = 0; worker < count; ++worker) labels.push_back(reader_label(worker));
  return labels;
}

void work(const Module& module, Laboratory& lab, std::uint64_t seed, int operations,
          const Bytes& signer_key, Ledger& ledger) {
  std::vector<std::unique_ptr<MixedWorker>> workers;
  for (int worker = 0; worker < workers_for(operations); ++worker) {
    workers.push_back(std::make_unique<MixedWorker>(
        module, lab, worker, signer_key, seed + static_cast<std::uint64_t>(worker) + 1, ledger));
  }
  RandomFaults faults(lab, seed);
  std::atomic<int> begun = 0;
  std::vector<std::thread> threads;
  for (auto& worker : workers) {
    threads.emplace_back([&] {
      try {
        worker->run(begun, operations);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "a worker has ended: " << error.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& [kind, count] : faults.stop()) {
    std::cout << "[ measured ] " << count << " times " << kind << '\n';
  }
}

// How often each label occurs, and the attribute of the last that bears it.
std::map<std::string, std::pair<int, Bytes>> labels_of(Session& session, CK_OBJECT_CLASS kind,
                                                       CK_ATTRIBUTE_TYPE content) {
  std::map<std::string, std::pair<int, Bytes>> labels;
  for (const auto object : session.find({kind, {}, {}})) {
    auto& [count, bytes] = labels[std::string(text_of(session.attribute(object, CKA_LABEL)))];
    ++count;
    bytes = session.attribute(object, content);
  }
  return labels;
}

// Each was made once where the module said so, and never twice.
void expect_made_once(const std::map<std::string, Ledger::Made>& asked_for,
                      const std::map<std::string, std::pair<int, Bytes>>& found) {
  for (const auto& [label, seen] : found) EXPECT_EQ(seen.first, 1) << label;
  for (const auto& [label, made] : asked_for) {
    if (!made.acknowledged) continue;
    ASSERT_TRUE(found.contains(label)) << label << " is lost";
    EXPECT_EQ(found.at(label).second, made.content) << label;
  }
}

// "C_Sign: CKR_DEVICE_ERROR: sentence http_status=503 request_id=…", as the log has it.
std::vector<std::string> failure_lines(const std::string& log, const std::string& function) {
  std::vector<std::string> found;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find(function + ": CKR_");
    if (at != std::string::npos) found.push_back(line.substr(at));
  }
  return found;
}

// A sentence, and either the request's id or the member with what went wrong on the way to it.
void expect_causes(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    const bool request = line.find(" request_id=") != std::string::npos;
    const auto member = line.find("/dsa/v1: ");
    const bool connection = member != std::string::npos && line.size() > member + 20;
    EXPECT_TRUE(request || connection) << line;
  }
}

void expect_every_failure_logged(const Ledger& ledger, const std::string& log) {
  std::map<std::string, std::size_t> expected;
  std::map<std::string, int> by_code;
  for (const auto& failure : ledger.failures()) {
    ++expected[failure.function];
    ++by_code[fmt::format("{} 0x{:x}", failure.function, failure.code)];
  }
  for (const auto& [function, count] : expected) {
    const auto lines = failure_lines(log, function);
    EXPECT_EQ(lines.size(), count) << function;
    expect_causes(lines);
  }
  for (const auto& [code, count] : by_code) {
    std::cout << "[ measured ] " << count << " times " << code << '\n';
  }
}

void expect_deadlines_kept(const Ledger& ledger) {
  for (const Work kind : {Work::sign, Work::generate, Work::certificate, Work::read}) {
    const bool making = kind == Work::generate;
    EXPECT_LE(ledger.slowest(kind), (making ? kLimits.key_generation : kLimits.call) + kPrompt);
    std::cout << "[ measured ] " << ledger.count(kind) << " times "
              << kWorkNames.at(static_cast<std::size_t>(kind)) << ", the slowest took "
              << ledger.slowest(kind).count() << " ms\n";
  }
}

TEST(FaultMixTest, NothingIsLateDoubledWrongOrUnexplained) {
  const int operations = static_cast<int>(number_from("SIGNET_LAB_OPERATIONS", 600));
  const std::uint64_t seed = number_from("SIGNET_LAB_SEED", std::random_device()());
  std::cout << "[ measured ] SIGNET_LAB_SEED=" << seed << ", " << operations << " operations\n";
  Laboratory lab(Laboratory::Route::proxied, kLimits, reader_labels(workers_for(operations)));
  Ledger ledger;
  Bytes signer_key;
  {
    const Module module;
    Session session(module);
    session.login(lab.pin());
    const auto key = session.find_one({CKO_PUBLIC_KEY, "signer", {}});
    signer_key = p256_public_key(session.attribute(key, CKA_EC_POINT));
    work(module, lab, seed, operations, signer_key, ledger);
  }
  expect_deadlines_kept(ledger);
  expect_every_failure_logged(ledger, lab.log());
  expect_reconciled(ledger.signatures(), lab.journal(), certificate_for(signer_key, "Signer"));

  const Module module;
  Session session(module);
  session.login(lab.pin());
  expect_made_once(ledger.keys(), labels_of(session, CKO_PUBLIC_KEY, CKA_EC_POINT));
  expect_made_once(ledger.certificates(), labels_of(session, CKO_CERTIFICATE, CKA_VALUE));
  // A module that fails every call would keep all of this, too.
  EXPECT_LT(ledger.failures().size(), static_cast<std::size_t>(operations) * 3 / 4);
}

}  // namespace
}  // namespace signet::tests
