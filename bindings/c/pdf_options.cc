// What is wished of a seal in a PDF document.
#include <memory>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/seal.h"

namespace signet::c {

namespace {

constexpr std::size_t kLongestPassword = 1024;
constexpr std::size_t kLeastRoom = 1;
constexpr std::size_t kMostRoom = std::size_t{16} * 1024 * 1024;

using PdfWish = sealing::PdfWish;

int set_pdf_text(signet_seal_options* options, std::string PdfWish::*member, const char* text,
                 signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->pdf.*member, text_of(text));
    return success();
  });
}

}  // namespace

CallResult<Secret> pdf_password_of(const void* password, std::size_t size) {
  BOOST_OUTCOME_TRY(const auto bytes, bytes_of(password, size));
  if (size > kLongestPassword) return bad_argument("a password has 1024 bytes at most");
  return Secret(bytes);
}

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::CallResult;
using signet::c::change;
using signet::c::set_pdf_text;
using signet::sealing::PdfWish;

int signet_seal_options_set_pdf_field(signet_seal_options* options, const char* name,
                                      signet_seal_error* error) {
  return set_pdf_text(options, &PdfWish::field, name, error);
}

int signet_seal_options_set_pdf_reason(signet_seal_options* options, const char* reason,
                                       signet_seal_error* error) {
  return set_pdf_text(options, &PdfWish::reason, reason, error);
}

int signet_seal_options_set_pdf_location(signet_seal_options* options, const char* location,
                                         signet_seal_error* error) {
  return set_pdf_text(options, &PdfWish::location, location, error);
}

int signet_seal_options_set_pdf_contact(signet_seal_options* options, const char* contact,
                                        signet_seal_error* error) {
  return set_pdf_text(options, &PdfWish::contact, contact, error);
}

int signet_seal_options_set_pdf_certify(signet_seal_options* options, int certify,
                                        signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (certify < SIGNET_SEAL_CERTIFY_NOT || certify > SIGNET_SEAL_CERTIFY_ANNOTATIONS)
      return bad_argument("this is not a value of enum signet_seal_certify");
    options->pdf.certify = certify;
    return signet::success();
  });
}

int signet_seal_options_set_pdf_password(signet_seal_options* options, const void* password,
                                         size_t size, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->pdf.password, signet::c::pdf_password_of(password, size));
    return signet::success();
  });
}

int signet_seal_options_set_pdf_ignore_xfa(signet_seal_options* options, int ignore,
                                           signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (ignore != 0 && ignore != 1) return bad_argument("`ignore` is 0 or 1");
    options->pdf.ignore_xfa = ignore == 1;
    return signet::success();
  });
}

int signet_seal_options_set_pdf_repair_ok(signet_seal_options* options, int repair_ok,
                                          signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (repair_ok != 0 && repair_ok != 1) return bad_argument("`repair_ok` is 0 or 1");
    options->pdf.repair_ok = repair_ok == 1;
    return signet::success();
  });
}

int signet_seal_options_set_pdf_time_stamp_room(signet_seal_options* options, size_t bytes,
                                                signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (bytes < signet::c::kLeastRoom || bytes > signet::c::kMostRoom)
      return bad_argument("the room for a time-stamp is 1 to 16777216 bytes");
    options->pdf.stamp_room = bytes;
    return signet::success();
  });
}
