#include "tests/failures/player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <optional>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "cryptoki/rv_name.h"
#include "cryptoki/signet-pkcs11.h"
#include "tests/support/files.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLongest = 3s;  // the limit of a call, and a second
const std::string kPin = "1234";
const std::string kOfficerPin = "officer's word";

std::string code_name(CK_RV rv) {
  return rv_name(rv).substr(4);
}

CK_UTF8CHAR* text(std::string& of) {
  return reinterpret_cast<CK_UTF8CHAR*>(of.data());
}

// A program with one session.
class Program {
 public:
  Program() : session_(module_) {}

  CK_RV log_in(CK_USER_TYPE user) {
    std::string pin = user == CKU_SO ? kOfficerPin : kPin;
    return module_->C_Login(session_.handle(), user, text(pin), pin.size());
  }

  CK_RV sign() {
    const auto keys = session_.find({CKO_PRIVATE_KEY, {}, {}});
    if (keys.size() != 1) return CKR_KEY_HANDLE_INVALID;
    return sign_with(keys.front());
  }

  CK_RV sign_with(CK_OBJECT_HANDLE key) {
    CK_KEY_TYPE type = 0;
    CK_ATTRIBUTE wanted{CKA_KEY_TYPE, &type, sizeof type};
    module_->C_GetAttributeValue(session_.handle(), key, &wanted, 1);
    CK_MECHANISM mechanism{type == CKK_RSA ? CKM_SHA256_RSA_PKCS : CKM_ECDSA_SHA256, nullptr, 0};
    const CK_RV begun = module_->C_SignInit(session_.handle(), &mechanism, key);
    return begun == CKR_OK ? sign_begun() : begun;
  }

  CK_RV sign_begun() {
    std::string document = "document " + std::to_string(++documents_);
    std::array<CK_BYTE, 512> signature{};
    CK_ULONG size = signature.size();
    return module_->C_Sign(session_.handle(), text(document), document.size(), signature.data(),
                           &size);
  }

  CK_RV act(Function function) {
    std::string old_pin = kPin;
    std::string new_pin = "another 1";
    switch (function) {
      case Function::get_mechanism_list: {
        CK_ULONG count = 0;
        return module_->C_GetMechanismList(module_.slot_of("seal"), nullptr, &count);
      }
      case Function::login:
        return log_in(CKU_USER);
      case Function::login_officer:
        return log_in(CKU_SO);
      case Function::sign:
        return sign();
      case Function::set_pin:
        return module_->C_SetPIN(session_.handle(), text(old_pin), old_pin.size(), text(new_pin),
                                 new_pin.size());
      case Function::init_pin:
        return module_->C_InitPIN(session_.handle(), text(new_pin), new_pin.size());
      case Function::time_stamp:
        return time_stamp();
    }
    return CKR_FUNCTION_FAILED;
  }

  CK_RV time_stamp() {
    const auto ask = module_.symbol<decltype(&C_GetInterface)>("C_GetInterface");
    CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
    CK_VERSION version{1, 1};
    CK_INTERFACE* found = nullptr;
    expect_ok(ask(name, &version, &found, 0), "C_GetInterface");
    const std::array<CK_BYTE, 32> digest{};
    std::vector<CK_BYTE> token(SIGNET_TIME_STAMP_SIZE);
    CK_ULONG size = token.size();
    return static_cast<const signet_vendor_functions*>(found->pFunctionList)
        ->time_stamp(session_.handle(), CKM_SHA256, digest.data(), digest.size(), nullptr, 0, 0,
                     token.data(), &size);
  }

  // What comes before the call that fails.
  void prepare(const Step& step) {
    if (step.function == Function::init_pin) expect_ok(log_in(CKU_SO), "C_Login");
    if (step.function == Function::sign || step.function == Function::set_pin) {
      expect_ok(log_in(CKU_USER), "C_Login");
    }
    if (step.situation.extends || step.situation.token_ends) expect_ok(sign(), "C_Sign");
  }

  std::string login() const {
    CK_SESSION_INFO info{};
    module_->C_GetSessionInfo(session_.handle(), &info);
    if (info.state == CKS_RW_SO_FUNCTIONS) return "so";
    return info.state == CKS_RW_USER_FUNCTIONS ? "user" : "none";
  }

  void log_out() { module_->C_Logout(session_.handle()); }

  // The next signature, after a login where there is none.
  std::string next() {
    const std::string before = login() == "none" ? "logs in and " : "";
    if (login() == "so") log_out();
    if (login() == "none") {
      const CK_RV rv = log_in(CKU_USER);
      if (rv != CKR_OK) return "C_Login: " + code_name(rv);
    }
    const CK_RV rv = sign();
    return rv == CKR_OK ? before + "signs" : before + "C_Sign: " + code_name(rv);
  }

 private:
  Module module_;
  Session session_;
  int documents_ = 0;
};

std::vector<boost::json::object> log_of(const ScratchFolder& folder) {
  std::vector<boost::json::object> entries;
  std::ifstream file(folder / "log");
  for (std::string line; std::getline(file, line);) {
    entries.push_back(boost::json::parse(line).as_object());
  }
  return entries;
}

void replace_from(std::string& text, const std::string& begin, const char* ends,
                  const std::string& by) {
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos; at += by.size()) {
    const auto end = std::min(text.find_first_of(ends, at + begin.size()), text.size());
    text.replace(at, end - at, by);
  }
}

// Without what differs from run to run, what libcurl says in its own words, and the service's words, which are looked for apart.
std::string plain_sentence(std::string sentence, const std::string& function) {
  for (const std::string& prefix : {function + ": CKR_", std::string("https://")}) {
    if (sentence.starts_with(prefix)) sentence.erase(0, sentence.find(": ", prefix.size()) + 2);
  }
  const auto said = sentence.find(" (it says: ");
  if (said != std::string::npos) {
    int open = 0;
    auto end = said;
    do {
      ++end;
      if (sentence[end] == '(') ++open;
      if (sentence[end] == ')') --open;
    } while (open > 0 && end + 1 < sentence.size());
    sentence.erase(said, end - said + 1);
  }
  replace_from(sentence, "https://127.0.0.1:", " ;,\"", "MEMBER");
  for (const char* const lost : {"transfer closed with ", "Recv failure: "}) {
    replace_from(sentence, lost, ";", "the connection was lost before an answer came");
  }
  // The last question may end before it has gone out: time decides whether there is more to say.
  replace_from(sentence, "signPolling: no answer within the time allowed; MEMBER ", ";",
               "signPolling: no answer within the time allowed");
  return sentence;
}

// The line of the function's failure; else the last warning, where a failure is shown in the log alone.
std::string sentence_in(const std::vector<boost::json::object>& log, const std::string& function) {
  std::string warning = "-";
  for (const auto& entry : log) {
    const std::string message(entry.at("message").as_string());
    if (entry.contains("function") && entry.at("function").as_string() == function) {
      return plain_sentence(message, function);
    }
    if (entry.at("level") == "warn") warning = message;
  }
  return plain_sentence(warning, function);
}

double uncertain_in(const ScratchFolder& folder) {
  double all = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "metrics")) {
    std::istringstream lines(read_file(file.path()));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("signet_uncertain_requests_total"))
        all += std::stod(line.substr(line.rfind(' ')));
    }
  }
  return all;
}

void expect_no_secret(const ScratchFolder& folder) {
  const std::string log = folder.read("log");
  for (const std::string& secret :
       {std::string("client secret"), "\"" + kPin + "\"", kOfficerPin, std::string("token-1"),
        std::string("sad-1"), std::string("another 1")}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret;
  }
}

}  // namespace

Outcome play(Dialect dialect, const Step& step, const Failing& failing, int times) {
  const auto reply = failing.reply(step);
  if (!reply) throw std::runtime_error("this call cannot fail so");
  const ScratchFolder folder;
  const auto service = make_service(dialect, step.situation);
  folder.write("client.toml", service->config(folder.path().string()));
  use_config(folder / "client.toml");
  const std::string signing = dialect == Dialect::sapiws ? "sign" : "signatures/signHash";
  Outcome outcome;
  {
    Program program;
    program.prepare(step);
    folder.write("log", "");
    const int asked_before = service->count(step.call);
    const std::size_t signed_before = service->signed_digests().size();
    service->fail(step.call, *reply, times);
    const auto began = Clock::now();
    const CK_RV rv = program.act(step.function);
    EXPECT_LE(Clock::now() - began, kLongest);
    outcome.code = code_name(rv);
    outcome.asked = std::min(service->count(step.call) - asked_before, kOften);
    outcome.login = program.login();
    outcome.log = sentence_in(log_of(folder), name_of(step.function));
    EXPECT_LE(service->signed_digests().size(), signed_before + 1) << "signed twice";
    const bool may_have_signed = outcome.log.find("may have signed") != std::string::npos;
    if (step.call == signing && may_have_signed) {
      EXPECT_EQ(outcome.asked, 1);
    }
    if (step.function == Function::sign) {
      EXPECT_EQ(program.sign_begun(), CKR_OPERATION_NOT_INITIALIZED);
    }
    if (!failing.words.empty() && rv != CKR_OK) {
      EXPECT_NE(folder.read("log").find(failing.words), std::string::npos) << folder.read("log");
    }
    service->heal();
    outcome.then = program.next();
  }
  outcome.counted = uncertain_in(folder) != 0;
  expect_no_secret(folder);
  return outcome;
}

}  // namespace signet::tests
