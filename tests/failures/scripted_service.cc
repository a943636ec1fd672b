#include "tests/failures/scripted_service.h"

#include <fmt/format.h>

#include <utility>

namespace signet::tests {

using https::TestReply;
using https::TestRequest;

ScriptedService::ScriptedService(Dialect dialect, Situation situation)
    : dialect_(dialect), situation_(std::move(situation)) {}

void ScriptedService::start(std::shared_ptr<https::TestIdentity> identity) {
  server_ = std::make_unique<https::TlsTestServer>(
      std::move(identity), [this](const TestRequest& request) { return serve(request); });
}

void ScriptedService::fail(const std::string& call, TestReply reply, int times) {
  const std::lock_guard lock(mutex_);
  faults_[call] = {std::move(reply), times};
}

void ScriptedService::heal() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

int ScriptedService::count(const std::string& call) const {
  return static_cast<int>(bodies(call).size());
}

std::vector<std::string> ScriptedService::bodies(const std::string& call) const {
  const std::lock_guard lock(mutex_);
  const auto found = bodies_.find(call);
  return found == bodies_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> ScriptedService::signed_digests() const {
  const std::lock_guard lock(mutex_);
  return signed_;
}

void ScriptedService::note_signed(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  signed_.push_back(digest);
}

TestReply ScriptedService::serve(const TestRequest& request) {
  const std::string call = call_of(request);
  {
    const std::lock_guard lock(mutex_);
    bodies_[call].push_back(request.body);
    const auto fault = faults_.find(call);
    if (fault != faults_.end() && fault->second.left-- > 0) return fault->second.reply;
  }
  return answer(call, request);
}

std::string ScriptedService::origin() const {
  const std::string url = server_->url();
  return url.substr(0, url.find('/', sizeof "https://"));
}

std::string ScriptedService::config(const std::string& folder) const {
  const Member member{origin() + path(), {server_->pin().text()}};
  return fmt::format(
             "cache_dir = \"{0}/cache\"\n[log]\nlevel = \"trace\"\nformat = \"json\"\n"
             "to = \"{0}/log\"\n[metrics]\ndir = \"{0}/metrics\"\n"
             "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n{1}"
             "[token.limits]\n{2}",
             folder, token_config(), situation_.limits) +
         members_text({member});
}

std::unique_ptr<ScriptedService> make_service(Dialect dialect, Situation situation) {
  return dialect == Dialect::sapiws ? make_sapiws_service(std::move(situation))
                                    : make_csc_service(dialect, std::move(situation));
}

}  // namespace signet::tests
