// Whom verifying trusts, and which certificates and revocation data it has beside the document's.
#include <chrono>
#include <iterator>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/verify_handles.h"
#include "common/clock.h"
#include "validation/policy_input.h"

namespace signet::c {

namespace {

using validation::CertificatePtr;
using validation::PolicyInput;
using validation::RevocationDataPtr;
using validation::RevocationKind;

constexpr const char* kNobody =
    "no certificate is trusted, so that nothing can be valid: "
    "signet_seal_verify_options_add_trusted()";

template <typename T>
CallResult<T> argument(PolicyInput<T> input) {
  if (!input) return bad_argument(input.error());
  return std::move(input).value();
}

CallResult<std::vector<CertificatePtr>> certificates_at(const char* path) {
  BOOST_OUTCOME_TRY(const std::string name, text_of(path));
  return argument(validation::certificates_from(name));
}

CallResult<std::vector<CertificatePtr>> certificates_within(const void* data, std::size_t size) {
  BOOST_OUTCOME_TRY(const ByteView bytes, bytes_of(data, size));
  return argument(validation::certificates_in(bytes));
}

void trust(signet_seal_verify_options& options, const std::vector<CertificatePtr>& certificates,
           std::int64_t until) {
  validation::TrustAnchor anchor;
  if (until != SIGNET_SEAL_NO_TIME) anchor.until = wall_time(until);
  for (const CertificatePtr& each : certificates) {
    anchor.certificate = each;
    options.policy.anchors.push_back(anchor);
  }
}

template <typename T>
void append(std::vector<T>& list, std::vector<T> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

int add_revocation(signet_seal_verify_options* options, RevocationKind kind, const void* data,
                   std::size_t size, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const ByteView bytes, bytes_of(data, size));
    BOOST_OUTCOME_TRY(auto found, argument(validation::revocation_in(kind, bytes)));
    options->revocations.push_back(std::move(found));
    return success();
  });
}

int add_revocation_file(signet_seal_verify_options* options, RevocationKind kind, const char* path,
                        signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const std::string name, text_of(path));
    BOOST_OUTCOME_TRY(auto found, argument(validation::revocation_from(kind, name)));
    options->revocations.push_back(std::move(found));
    return success();
  });
}

}  // namespace

}  // namespace signet::c

using signet::c::call;
using signet::c::CallResult;
using signet::c::need;
using signet::validation::RevocationKind;

int signet_seal_verify_options_add_trusted(signet_seal_verify_options* options,
                                           const void* certificates, size_t size, int64_t until,
                                           signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const auto found, signet::c::certificates_within(certificates, size));
    signet::c::trust(*options, found, until);
    return signet::success();
  });
}

int signet_seal_verify_options_add_trusted_file(signet_seal_verify_options* options,
                                                const char* path, int64_t until,
                                                signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const auto found, signet::c::certificates_at(path));
    signet::c::trust(*options, found, until);
    return signet::success();
  });
}

int signet_seal_verify_options_add_certificates(signet_seal_verify_options* options,
                                                const void* certificates, size_t size,
                                                signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(auto found, signet::c::certificates_within(certificates, size));
    signet::c::append(options->certificates, std::move(found));
    return signet::success();
  });
}

int signet_seal_verify_options_add_certificates_file(signet_seal_verify_options* options,
                                                     const char* path, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(auto found, signet::c::certificates_at(path));
    signet::c::append(options->certificates, std::move(found));
    return signet::success();
  });
}

int signet_seal_verify_options_add_crl(signet_seal_verify_options* options, const void* crl,
                                       size_t size, signet_seal_error* error) {
  return signet::c::add_revocation(options, RevocationKind::crl, crl, size, error);
}

int signet_seal_verify_options_add_crl_file(signet_seal_verify_options* options, const char* path,
                                            signet_seal_error* error) {
  return signet::c::add_revocation_file(options, RevocationKind::crl, path, error);
}

int signet_seal_verify_options_add_ocsp(signet_seal_verify_options* options, const void* answer,
                                        size_t size, signet_seal_error* error) {
  return signet::c::add_revocation(options, RevocationKind::ocsp, answer, size, error);
}

int signet_seal_verify_options_add_ocsp_file(signet_seal_verify_options* options, const char* path,
                                             signet_seal_error* error) {
  return signet::c::add_revocation_file(options, RevocationKind::ocsp, path, error);
}

int signet_seal_verify_options_set_trusted_lists(signet_seal_verify_options* options,
                                                 const char* folder, const char* journal,
                                                 signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const std::string name, signet::c::text_of(folder));
    BOOST_OUTCOME_TRY(const auto signers, signet::c::certificates_at(journal));
    BOOST_OUTCOME_TRY(auto lists, signet::c::argument(signet::validation::TrustedLists::load(
                                      name, signers, std::chrono::system_clock::now())));
    auto notes = signet::validation::unused_lists(*lists);
    options->list_anchors = lists->anchors();
    options->lists = std::move(lists);
    options->list_notes = std::move(notes);
    return signet::success();
  });
}

size_t signet_seal_verify_options_note_count(const signet_seal_verify_options* options) {
  if (options == nullptr) return 0;
  const bool has_nobody = options->policy.anchors.empty() && options->list_anchors.empty();
  return options->list_notes.size() + (has_nobody ? 1 : 0);
}

const char* signet_seal_verify_options_note(const signet_seal_verify_options* options,
                                            size_t index) {
  if (index >= signet_seal_verify_options_note_count(options)) return nullptr;
  return index < options->list_notes.size() ? options->list_notes[index].c_str()
                                            : signet::c::kNobody;
}
