// Verifying a document, and taking out what it holds.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/seal.h"
#include "bindings/c/verify_handles.h"
#include "validation/any_document.h"
#include "validation/online.h"
#include "validation/validator.h"

namespace signet::c {

namespace {

using validation::ReadFault;

int status_of(ReadFault fault) {
  switch (fault) {
    case ReadFault::unreadable:
      return SIGNET_SEAL_INPUT;
    case ReadFault::password:
      return SIGNET_SEAL_FORBIDDEN;
    case ReadFault::cancelled:
      return SIGNET_SEAL_CANCELLED;
    case ReadFault::choice:
      return SIGNET_SEAL_SETTINGS;
    case ReadFault::not_sealed:
    case ReadFault::broken:
      break;
  }
  return SIGNET_SEAL_BROKEN;
}

Refusal refused(const sealing::Input& document, const validation::ReadingError& error) {
  return {status_of(error.fault), document.name() + ": " + error.sentence};
}

CallResult<void> check_wanted(const sealing::Control& control) {
  if (control.cancelled == nullptr || !*control.cancelled) return success();
  return Refusal(SIGNET_SEAL_CANCELLED, "the validation was cancelled");
}

CallResult<validation::DocumentParts> read_parts(const signet_seal_verify_options& options,
                                                 const sealing::Input& document,
                                                 const sealing::Input* data,
                                                 const sealing::Control& control) {
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    if (control.progress) control.progress(done, all);
    return control.cancelled == nullptr || !*control.cancelled;
  };
  std::optional<cms::Source> beside;
  if (data != nullptr) beside = data->source();
  auto parts = validation::read_document(
      document.source(), beside ? &*beside : nullptr,
      {signet::text_of(options.password.reveal()), options.revision}, progress);
  if (!parts) return refused(document, parts.error());
  for (const auto& each : options.certificates)
    parts.value().evidence.add(each, validation::Origin::file);
  for (const auto& each : options.revocations)
    parts.value().evidence.add(each, validation::Origin::file);
  return std::move(parts).value();
}

validation::Policy policy_of(const signet_seal_verify_options& options) {
  validation::Policy policy = options.policy;
  policy.now = std::chrono::system_clock::now();
  policy.at = options.at.value_or(policy.now);
  for (const auto& each : options.list_anchors) policy.anchors.push_back(each);
  return policy;
}

// The part that `message` was judged by; null where it is not valid.
const validation::SignerPart* valid_signer(const signet_seal_verification& verification) {
  if (verification.indication != SIGNET_SEAL_TOTAL_PASSED) return nullptr;
  const validation::DocumentParts& parts = *verification.parts;
  return parts.signatures.empty() ? &parts.document_time_stamps.front().signer
                                  : &parts.signatures.front().signer;
}

}  // namespace

}  // namespace signet::c

using signet::ByteView;
using signet::c::call;
using signet::c::CallResult;
using signet::c::need;
using signet::c::Refusal;

int signet_seal_verify(const signet_seal_verify_options* options, const signet_seal_input* document,
                       const signet_seal_input* data, signet_seal_control* control,
                       signet_seal_verification** verification, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options, document, verification}));
    const auto wishes = signet::c::control_of(control);
    const auto* const beside = data == nullptr ? nullptr : &data->input;
    BOOST_OUTCOME_TRY(signet::c::check_wanted(wishes));
    auto made = std::make_unique<signet_seal_verification>();
    BOOST_OUTCOME_TRY(auto parts, signet::c::read_parts(*options, document->input, beside, wishes));
    auto policy = signet::c::policy_of(*options);
    if (options->is_online) {
      auto online = options->online;
      if (!options->at) online.clock = [] { return std::chrono::system_clock::now(); };
      made->fetches = signet::validation::fetch_missing(parts, policy, online);
    }
    BOOST_OUTCOME_TRY(signet::c::check_wanted(wishes));
    made->parts = std::make_unique<const signet::validation::DocumentParts>(std::move(parts));
    made->result = signet::validation::validate(*made->parts, policy);
    if (options->lists) signet::validation::qualify(made->result, *options->lists);
    BOOST_OUTCOME_TRY(document->input.check_unchanged());
    if (beside != nullptr) {
      BOOST_OUTCOME_TRY(beside->check_unchanged());
    }
    signet::c::describe(*made);
    *verification = made.release();
    return signet::success();
  });
}

void signet_seal_verification_free(signet_seal_verification* verification) {
  signet::c::free_handle(verification);
}

int signet_seal_extract_revision(const signet_seal_verify_options* options,
                                 const signet_seal_input* document, size_t revision,
                                 signet_seal_output* output, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({document, output}));
    const signet::Secret password = options == nullptr ? signet::Secret() : options->password;
    const auto end = signet::validation::end_of_revision(
        document->input.source(), signet::text_of(password.reveal()), revision);
    if (!end) return signet::c::refused(document->input, end.error());
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    std::optional<signet::sealing::Error> fault;
    std::uint64_t left = end.value();
    const auto written = document->input.each_piece([&](ByteView piece) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      left -= size;
      if (size == 0) return true;
      const auto taken = out->write(piece.first(size));
      if (!taken) fault = taken.error();
      return taken.has_value();
    });
    if (fault) return Refusal(*fault);
    BOOST_OUTCOME_TRY(written);
    BOOST_OUTCOME_TRY(document->input.check_unchanged());
    BOOST_OUTCOME_TRY(out->commit());
    return signet::success();
  });
}

int signet_seal_extract_content(const signet_seal_verification* verification,
                                const signet_seal_input* message, signet_seal_output* output,
                                signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({verification, message, output}));
    const auto* const judged = signet::c::valid_signer(*verification);
    if (judged == nullptr)
      return Refusal(SIGNET_SEAL_SIGNATURE, "the message is not valid: nothing is taken out of it");
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    std::optional<signet::sealing::Error> fault;
    const auto same =
        signet::validation::read_content(message->input.source(), *judged, [&](ByteView piece) {
          const auto written = out->write(piece);
          if (!written) fault = written.error();
          return written.has_value();
        });
    if (fault) return Refusal(*fault);
    if (!same) return signet::c::refused(message->input, same.error());
    if (!same.value())
      return Refusal(SIGNET_SEAL_CHANGED, "the message is not the one that was verified");
    BOOST_OUTCOME_TRY(out->commit());
    return signet::success();
  });
}
