// Reports of a verification.
#include <algorithm>
#include <memory>
#include <utility>

#include "bindings/c/accessors.h"
#include "bindings/c/call.h"
#include "bindings/c/seal.h"
#include "bindings/c/verify_handles.h"
#include "common/printable.h"

namespace signet::c {

namespace {

constexpr std::size_t kLargestPicture = std::size_t{16} * 1024 * 1024;  // bytes

using Writer = std::string (*)(const validation::ValidationResult&,
                               const validation::ReportOptions&);

CallResult<Writer> writer_of(int form) {
  switch (form) {
    case SIGNET_SEAL_REPORT_TEXT:
      return &validation::text_report;
    case SIGNET_SEAL_REPORT_JSON:
      return &validation::json_report;
    case SIGNET_SEAL_REPORT_HTML:
      return &validation::html_report;
    case SIGNET_SEAL_REPORT_XML:
      return &validation::xml_report;
    default:
      return bad_argument("this is not a value of enum signet_seal_report_form");
  }
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::call;
using signet::c::CallResult;
using signet::c::need;

int signet_seal_report_options_new(signet_seal_context* context,
                                   signet_seal_report_options** options, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, options}));
    *options = new signet_seal_report_options;
    return signet::success();
  });
}

void signet_seal_report_options_free(signet_seal_report_options* options) {
  signet::c::free_handle(options);
}

int signet_seal_report_options_set_language(signet_seal_report_options* options, int language,
                                            signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    if (language != SIGNET_SEAL_ENGLISH && language != SIGNET_SEAL_CZECH)
      return bad_argument("this is not a language of enum signet_seal_language");
    options->report.language = language == SIGNET_SEAL_CZECH
                                   ? signet::validation::Language::czech
                                   : signet::validation::Language::english;
    return signet::success();
  });
}

int signet_seal_report_options_set_file_name(signet_seal_report_options* options, const char* name,
                                             signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const std::string text, signet::c::text_of(name));
    options->report.file_name = signet::printable(text);
    return signet::success();
  });
}

int signet_seal_report_options_set_other_readers(signet_seal_report_options* options, int wanted,
                                                 signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(options->report.other_readers, signet::c::yes_or_no(wanted));
    return signet::success();
  });
}

int signet_seal_report_options_set_picture(signet_seal_report_options* options, const void* png,
                                           size_t size, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({options}));
    BOOST_OUTCOME_TRY(const auto bytes, signet::c::bytes_of(png, size));
    if (!signet::validation::is_png(bytes) || bytes.size() > signet::c::kLargestPicture)
      return bad_argument("this is not a PNG of at most 16 MiB");
    options->report.first_page = signet::copy_of(bytes);
    return signet::success();
  });
}

int signet_seal_verification_report(const signet_seal_verification* verification, int form,
                                    const signet_seal_report_options* options,
                                    signet_seal_output* output, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({verification, output}));
    BOOST_OUTCOME_TRY(const auto write, signet::c::writer_of(form));
    const std::string text =
        write(verification->result,
              options == nullptr ? signet::validation::ReportOptions() : options->report);
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    BOOST_OUTCOME_TRY(out->write(signet::view_of(text)));
    BOOST_OUTCOME_TRY(out->commit());
    return signet::success();
  });
}
