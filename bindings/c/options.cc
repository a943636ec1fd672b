// What is wished of a seal, and who follows it.
#include <memory>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/hashes.h"
#include "common/printable.h"
#include "crypto/algorithm_table.h"

using signet::c::bad_argument;
using signet::c::bytes_of;
using signet::c::call;
using signet::c::CallResult;
using signet::c::change;
using signet::c::free_handle;
using signet::c::HashRow;
using signet::c::make_handle;
using signet::c::need;
using signet::c::oid_of;
using signet::c::text_of;
using signet::sealing::WithoutStamp;

namespace signet::c {

namespace {

// One of the two values of an enum, which begins with 1.
CallResult<bool> is_second(int value) {
  if (value == 1 || value == 2) return value == 2;
  return bad_argument("this is not a value of the enum");
}

}  // namespace

CallResult<HashRow> hash_numbered(int number) {
  for (const HashRow& row : kHashRows)
    if (row.number == number) return row;
  return bad_argument("this is not a hash of enum signet_seal_hash");
}

}  // namespace signet::c

int signet_seal_options_new(signet_seal_context* context, signet_seal_options** options,
                            signet_seal_error* error) {
  return make_handle(context, options, error);
}

void signet_seal_options_free(signet_seal_options* options) {
  free_handle(options);
}

int signet_seal_options_set_format(signet_seal_options* options, int format,
                                   signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (format != SIGNET_SEAL_CADES && format != SIGNET_SEAL_PADES)
      return bad_argument("this is not a format of enum signet_seal_format");
    options->format = format;
    return signet::success();
  });
}

int signet_seal_options_set_packaging(signet_seal_options* options, int packaging,
                                      signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.external, signet::c::is_second(packaging));
    return signet::success();
  });
}

int signet_seal_options_set_encoding(signet_seal_options* options, int encoding,
                                     signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.indefinite, signet::c::is_second(encoding));
    return signet::success();
  });
}

int signet_seal_options_set_level(signet_seal_options* options, int level,
                                  signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (level < SIGNET_SEAL_LEVEL_AUTOMATIC || level > SIGNET_SEAL_LEVEL_B_T)
      return bad_argument("this is not a level of enum signet_seal_level");
    options->level = level;
    return signet::success();
  });
}

int signet_seal_options_set_suite(signet_seal_options* options, const char* name_or_file,
                                  signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const std::string name, text_of(name_or_file));
    auto suite = signet::crypto::Suite::load(name);
    if (!suite) return bad_argument("the suite " + signet::printable(suite.error()));
    options->wish.suite = std::make_shared<const signet::crypto::Suite>(std::move(suite).value());
    return signet::success();
  });
}

int signet_seal_options_set_without_time_stamp(signet_seal_options* options, int what,
                                               signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const bool degrade, signet::c::is_second(what));
    options->wish.without_stamp = degrade ? WithoutStamp::degrade : WithoutStamp::fail;
    return signet::success();
  });
}

int signet_seal_options_set_time_stamp_limit(signet_seal_options* options, uint32_t milliseconds,
                                             signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.stamp_limit, signet::c::limit_of(milliseconds));
    return signet::success();
  });
}

int signet_seal_options_set_hash(signet_seal_options* options, int hash, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const HashRow row, signet::c::hash_numbered(hash));
    options->wish.signing.hash = row.name;
    return signet::success();
  });
}

int signet_seal_options_set_padding(signet_seal_options* options, int padding,
                                    signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const bool pss, signet::c::is_second(padding));
    options->wish.signing.padding =
        pss ? signet::pkcs11::Padding::pss : signet::pkcs11::Padding::pkcs1;
    return signet::success();
  });
}

int signet_seal_options_set_commitment(signet_seal_options* options, const char* oid,
                                       signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.attributes.commitment, oid_of(oid));
    return signet::success();
  });
}

int signet_seal_options_set_policy(signet_seal_options* options, const char* oid, int hash,
                                   const void* digest, size_t size, const char* uri,
                                   signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options, digest}));
    signet::cms::SignaturePolicy policy;
    BOOST_OUTCOME_TRY(policy.oid, oid_of(oid));
    BOOST_OUTCOME_TRY(const HashRow row, signet::c::hash_numbered(hash));
    policy.hash = row.hash;
    BOOST_OUTCOME_TRY(const auto bytes, bytes_of(digest, size));
    if (size != signet::crypto::digest_size(row.hash))
      return bad_argument("the policy's digest is not as long as one of this hash");
    policy.digest = signet::copy_of(bytes);
    if (uri != nullptr) {
      BOOST_OUTCOME_TRY(policy.uri, text_of(uri));
    }
    options->wish.attributes.policy = std::move(policy);
    return signet::success();
  });
}

int signet_seal_options_set_location(signet_seal_options* options, const char* country,
                                     const char* locality, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    std::string one;
    std::string other;
    if (country != nullptr) {
      BOOST_OUTCOME_TRY(one, text_of(country));
    }
    if (locality != nullptr) {
      BOOST_OUTCOME_TRY(other, text_of(locality));
    }
    options->wish.attributes.country = std::move(one);
    options->wish.attributes.locality = std::move(other);
    return signet::success();
  });
}

int signet_seal_options_set_media_type(signet_seal_options* options, const char* media_type,
                                       signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.attributes.media_type, text_of(media_type));
    return signet::success();
  });
}

int signet_seal_options_set_file_name(signet_seal_options* options, const char* file_name,
                                      signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->wish.attributes.file_name, text_of(file_name));
    return signet::success();
  });
}

int signet_seal_options_set_reference(signet_seal_options* options, const char* reference,
                                      signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto text, text_of(reference));
    if (text.size() > 256) return bad_argument("a reference has 256 bytes at most");
    if (signet::printable(text) != text)
      return bad_argument("a reference has no control characters");
    options->wish.reference = std::move(text);
    return signet::success();
  });
}

int signet_seal_control_new(signet_seal_context* context, signet_seal_control** control,
                            signet_seal_error* error) {
  return make_handle(context, control, error);
}

void signet_seal_control_free(signet_seal_control* control) {
  free_handle(control);
}

int signet_seal_control_set_progress(signet_seal_control* control,
                                     signet_seal_progress_callback callback, void* user,
                                     signet_seal_error* error) {
  return change(control, error, [&]() -> CallResult<void> {
    control->progress = callback;
    control->user = user;
    return signet::success();
  });
}

// One store, whatever the thread or the signal handler.
void signet_seal_control_cancel(signet_seal_control* control) {
  if (control != nullptr) control->cancelled.store(true);
}
