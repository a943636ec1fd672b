#include "bindings/c/seal.h"

#include <utility>

#include "sealing/sealer.h"
#include "timestamps/client.h"

namespace signet::c {

namespace {

// Never destroyed: what another thread does while the process exits may still need it.
const std::shared_ptr<const crypto::Suite>& default_suite() {
  static const auto* const kSuite = new std::shared_ptr<const crypto::Suite>([] {
    auto shipped = crypto::Suite::shipped(crypto::kDefaultSuite);
    return shipped ? std::make_shared<const crypto::Suite>(std::move(shipped).value()) : nullptr;
  }());
  return *kSuite;
}

// Nothing is wished.
bool is_plain(const sealing::PdfWish& pdf) {
  return pdf.field.empty() && pdf.certify == 0 && pdf.reason.empty() && pdf.location.empty() &&
         pdf.contact.empty() && pdf.password.empty() && !pdf.ignore_xfa && !pdf.repair_ok &&
         !pdf.visible && pdf.stamp_room == sealing::PdfWish().stamp_room;
}

}  // namespace

sealing::SealWish wish_of(const signet_seal_options* options, bool has_time_stamper) {
  sealing::SealWish wish = options != nullptr ? options->wish : sealing::SealWish();
  const int level = options != nullptr ? options->level : SIGNET_SEAL_LEVEL_AUTOMATIC;
  const bool stamped =
      level == SIGNET_SEAL_LEVEL_AUTOMATIC ? has_time_stamper : level == SIGNET_SEAL_LEVEL_B_T;
  if (!wish.suite) wish.suite = default_suite();
  wish.level = stamped ? sealing::Level::b_t : sealing::Level::b_b;
  return wish;
}

CallResult<const sealing::PdfWish*> pdf_wish_of(const signet_seal_options* options) {
  if (options == nullptr) return nullptr;
  if (options->format == SIGNET_SEAL_PADES) {
    if (options->wish.external || options->wish.indefinite)
      return Refusal(SIGNET_SEAL_SETTINGS,
                     "a seal in a PDF document is neither external nor encoded as BER");
    return &options->pdf;
  }
  if (!is_plain(options->pdf))
    return Refusal(SIGNET_SEAL_SETTINGS,
                   "options are set that are for the format SIGNET_SEAL_PADES alone");
  return nullptr;
}

sealing::Control control_of(signet_seal_control* control) {
  sealing::Control made;
  if (control == nullptr) return made;
  made.cancelled = &control->cancelled;
  if (control->progress != nullptr)
    made.progress = [control](std::uint64_t done, std::uint64_t all) {
      control->progress(control->user, done, all);
    };
  return made;
}

CallResult<std::shared_ptr<timestamps::Client>> client_of(
    const signet_seal_time_stamper* time_stamper) {
  if (time_stamper == nullptr) return std::shared_ptr<timestamps::Client>();
  BOOST_OUTCOME_TRY(check_process(time_stamper->process));
  return time_stamper->client;
}

CallResult<sealing::Output*> take(signet_seal_output* output) {
  BOOST_OUTCOME_TRY(need({output}));
  BOOST_OUTCOME_TRY(check_process(output->process));
  if (output->is_used)
    return bad_argument("an output takes one document: make another one for the next");
  output->is_used = true;
  return &*output->output;
}

std::unique_ptr<signet_seal_result> room_for(signet_seal_result* const* result) {
  return result == nullptr ? nullptr : std::make_unique<signet_seal_result>();
}

void set_result(signet_seal_result** result, std::unique_ptr<signet_seal_result>& made,
                sealing::Sealed sealed) {
  if (result == nullptr) return;
  made->sealed = std::move(sealed);
  *result = made.release();
}

}  // namespace signet::c

using signet::c::call;
using signet::c::CallResult;
using signet::c::check_process;
using signet::c::client_of;
using signet::c::control_of;
using signet::c::need;
using signet::c::Refusal;
using signet::sealing::LaterStamp;
using signet::sealing::Sealer;

int signet_seal_document(signet_seal_key* key, signet_seal_time_stamper* time_stamper,
                         const signet_seal_options* options, const signet_seal_input* document,
                         signet_seal_output* output, signet_seal_control* control,
                         signet_seal_result** result, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({key, document}));
    BOOST_OUTCOME_TRY(check_process(key->process));
    BOOST_OUTCOME_TRY(const auto client, client_of(time_stamper));
    BOOST_OUTCOME_TRY(const auto* const pdf, signet::c::pdf_wish_of(options));
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    auto made = signet::c::room_for(result);
    const Sealer sealer(key->crypto, key->key, client);
    const auto wish = signet::c::wish_of(options, client != nullptr);
    BOOST_OUTCOME_TRY(
        auto sealed, pdf != nullptr
                         ? sealer.seal_pades(document->input, *out, wish, *pdf, control_of(control))
                         : sealer.seal_cades(document->input, *out, wish, control_of(control)));
    signet::c::set_result(result, made, std::move(sealed));
    return signet::success();
  });
}

int signet_seal_add_signature(signet_seal_key* key, signet_seal_time_stamper* time_stamper,
                              const signet_seal_options* options, const signet_seal_input* message,
                              const signet_seal_input* document, signet_seal_output* output,
                              signet_seal_control* control, signet_seal_result** result,
                              signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({key, message}));
    BOOST_OUTCOME_TRY(check_process(key->process));
    BOOST_OUTCOME_TRY(const auto client, client_of(time_stamper));
    BOOST_OUTCOME_TRY(const auto* const pdf, signet::c::pdf_wish_of(options));
    if (pdf != nullptr)
      return Refusal(SIGNET_SEAL_SETTINGS,
                     "parallel signatures are for CAdES: signet_seal_document() puts one more seal "
                     "into a PDF document");
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    auto made = signet::c::room_for(result);
    const Sealer sealer(key->crypto, key->key, client);
    BOOST_OUTCOME_TRY(
        auto sealed,
        sealer.add_cades(message->input, document == nullptr ? nullptr : &document->input, *out,
                         signet::c::wish_of(options, client != nullptr), control_of(control)));
    signet::c::set_result(result, made, std::move(sealed));
    return signet::success();
  });
}

int signet_seal_add_time_stamps(signet_seal_time_stamper* time_stamper,
                                const signet_seal_input* message, signet_seal_output* output,
                                uint32_t milliseconds, size_t* added, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({time_stamper, message, added}));
    BOOST_OUTCOME_TRY(const auto client, client_of(time_stamper));
    BOOST_OUTCOME_TRY(const auto limit, signet::c::limit_of(milliseconds));
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    BOOST_OUTCOME_TRY(*added, signet::sealing::add_time_stamps(time_stamper->crypto, *client,
                                                               message->input, *out, limit));
    return signet::success();
  });
}

int signet_seal_add_pdf_time_stamp(signet_seal_time_stamper* time_stamper,
                                   const signet_seal_input* document, const void* password,
                                   size_t password_size, signet_seal_output* output,
                                   uint32_t milliseconds, size_t* added, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({time_stamper, document, added}));
    BOOST_OUTCOME_TRY(const auto client, client_of(time_stamper));
    BOOST_OUTCOME_TRY(const auto secret, signet::c::pdf_password_of(password, password_size));
    BOOST_OUTCOME_TRY(const auto limit, signet::c::limit_of(milliseconds));
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    BOOST_OUTCOME_TRY(const auto done,
                      signet::sealing::add_pades_time_stamp(time_stamper->crypto, *client,
                                                            document->input, secret, *out, limit));
    if (done == LaterStamp::no_room)
      return Refusal(SIGNET_SEAL_NO_TIME_STAMP, "the seal has no room for a time-stamp");
    *added = done == LaterStamp::added ? 1 : 0;
    return signet::success();
  });
}
