// Extending a document.
#include <array>
#include <filesystem>
#include <memory>
#include <utility>

#include "bindings/c/accessors.h"
#include "bindings/c/call.h"
#include "bindings/c/extend_handles.h"
#include "bindings/c/seal.h"
#include "common/printable.h"

namespace signet::c {

namespace {

using preservation::ExtensionError;
using preservation::ExtensionFault;
using preservation::ExtensionFiles;
using preservation::ExtensionRequest;

struct FaultRow {
  ExtensionFault fault;
  int status;
  bool names_file;  // the sentence does
};
constexpr std::array kExtensionFaults = {
    FaultRow{ExtensionFault::settings, SIGNET_SEAL_SETTINGS, false},
    FaultRow{ExtensionFault::input, SIGNET_SEAL_INPUT, true},
    FaultRow{ExtensionFault::broken, SIGNET_SEAL_BROKEN, false},
    FaultRow{ExtensionFault::forbidden, SIGNET_SEAL_FORBIDDEN, false},
    FaultRow{ExtensionFault::not_valid, SIGNET_SEAL_NOT_VALID, false},
    FaultRow{ExtensionFault::no_data, SIGNET_SEAL_NO_DATA, false},
    FaultRow{ExtensionFault::not_fresh, SIGNET_SEAL_NO_DATA, false},
    FaultRow{ExtensionFault::no_time_stamp, SIGNET_SEAL_NO_TIME_STAMP, false},
    FaultRow{ExtensionFault::exists, SIGNET_SEAL_EXISTS, true},
    FaultRow{ExtensionFault::output, SIGNET_SEAL_OUTPUT, true},
    FaultRow{ExtensionFault::changed, SIGNET_SEAL_CHANGED, false},
    FaultRow{ExtensionFault::cancelled, SIGNET_SEAL_CANCELLED, false}};

Refusal extension_refused(const std::string& file, const ExtensionError& error) {
  for (const FaultRow& row : kExtensionFaults)
    if (row.fault == error.fault)
      return {row.status, row.names_file ? error.sentence : file + ": " + error.sentence};
  return {SIGNET_SEAL_FAILED, file + ": " + error.sentence};
}

CallResult<void> check_extension(const signet_seal_verify_options& validation,
                                 const signet_seal_extend_options& options) {
  if (validation.at)
    return Refusal(SIGNET_SEAL_SETTINGS, "documents are extended at the present: name no time");
  if (validation.revision != 0)
    return Refusal(SIGNET_SEAL_SETTINGS, "documents are extended as a whole: name no revision");
  if (options.wait_fresh && !validation.is_online)
    return Refusal(SIGNET_SEAL_SETTINGS,
                   "what is waited for is fetched: signet_seal_verify_options_set_online()");
  return success();
}

ExtensionRequest extension_request(const signet_seal_verify_options& validation,
                                   const signet_seal_extend_options& options,
                                   std::shared_ptr<timestamps::Client> stamper) {
  ExtensionRequest request;
  request.level = options.level;
  request.policy = validation.policy;
  for (const auto& each : validation.list_anchors) request.policy.anchors.push_back(each);
  request.certificates = validation.certificates;
  request.revocations = validation.revocations;
  if (validation.is_online) request.online = validation.online;
  if (stamper) request.stamp = preservation::stamps_from(std::move(stamper), options.stamp_limit);
  request.hash = options.hash;
  request.wait_fresh = options.wait_fresh;
  request.force_invalid = options.force_invalid;
  request.pdf_password = validation.password;
  return request;
}

CallResult<ExtensionFiles> extension_files(const std::string& file, const char* data,
                                           const char* out, int replace) {
  ExtensionFiles files;
  files.out = file;
  if (data != nullptr) {
    BOOST_OUTCOME_TRY(files.data, text_of(data));
  }
  if (out != nullptr) {
    BOOST_OUTCOME_TRY(files.out, text_of(out));
    BOOST_OUTCOME_TRY(files.replace, yes_or_no(replace));
  }
  return files;
}

BothTexts extension_texts(const validation::Statement& statement) {
  return {validation::text_of(statement, validation::Language::english),
          validation::text_of(statement, validation::Language::czech)};
}

std::unique_ptr<signet_seal_extension> described_extension(preservation::Extended extended) {
  auto made = std::make_unique<signet_seal_extension>();
  made->level_before = validation::name_of(extended.before.level);
  made->level = validation::name_of(extended.after.level);
  if (extended.after.verifiable_because)
    made->verifiable_because = extension_texts(*extended.after.verifiable_because);
  for (const auto& each : extended.remarks) made->remarks.push_back(extension_texts(each));
  made->extended = std::move(extended);
  return made;
}

}  // namespace

}  // namespace signet::c

using signet::c::call;
using signet::c::CallResult;
using signet::c::check_process;
using signet::c::need;

int signet_seal_extender_new(signet_seal_context* context,
                             const signet_seal_verify_options* validation,
                             const signet_seal_time_stamper* time_stamper,
                             const signet_seal_extend_options* options,
                             signet_seal_extender** extender, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, validation, extender}));
    const signet_seal_extend_options plain;
    const auto& chosen = options == nullptr ? plain : *options;
    BOOST_OUTCOME_TRY(signet::c::check_extension(*validation, chosen));
    BOOST_OUTCOME_TRY(auto stamper, signet::c::client_of(time_stamper));
    *extender = std::make_unique<signet_seal_extender>(
                    signet::c::extension_request(*validation, chosen, std::move(stamper)))
                    .release();
    return signet::success();
  });
}

void signet_seal_extender_free(signet_seal_extender* extender) {
  signet::c::free_handle(extender);
}

int signet_seal_extend_file(const signet_seal_extender* extender, const char* file,
                            const char* data, const char* out, int replace,
                            signet_seal_control* control, signet_seal_extension** extension,
                            signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({extender}));
    BOOST_OUTCOME_TRY(check_process(extender->process));
    BOOST_OUTCOME_TRY(const std::string name, signet::c::text_of(file));
    BOOST_OUTCOME_TRY(const auto files, signet::c::extension_files(name, data, out, replace));
    auto wishes = signet::c::control_of(control);
    const signet::preservation::ExtensionControl watched{
        {}, std::move(wishes.progress), wishes.cancelled};
    auto extended = extender->extender.extend_file(name, files, watched);
    if (!extended) return signet::c::extension_refused(name, extended.error());
    if (extension != nullptr)
      *extension = signet::c::described_extension(std::move(extended).value()).release();
    return signet::success();
  });
}
