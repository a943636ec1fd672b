// Sealing in two steps.
#include "sealing/two_steps.h"

#include <memory>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/hashes.h"
#include "bindings/c/seal.h"

namespace signet::c {

namespace {

const sealing::Prepared& prepared_in(const signet_seal_prepared* handle) {
  static const sealing::Prepared none;
  return handle == nullptr ? none : handle->prepared;
}

}  // namespace

}  // namespace signet::c

using signet::c::bytes_of;
using signet::c::call;
using signet::c::CallResult;
using signet::c::certificate_of;
using signet::c::control_of;
using signet::c::free_handle;
using signet::c::give;
using signet::c::need;
using signet::c::prepared_in;
using signet::c::text_at;

int signet_seal_signer_new(signet_seal_context* context, const void* certificate, size_t size,
                           signet_seal_signer** signer, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, certificate, signer}));
    auto made = std::make_unique<signet_seal_signer>();
    made->crypto = context->crypto;
    BOOST_OUTCOME_TRY(made->signatory.certificate, certificate_of(certificate, size));
    *signer = made.release();
    return signet::success();
  });
}

int signet_seal_signer_add_issuer(signet_seal_signer* signer, const void* der, size_t size,
                                  signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({signer, der}));
    BOOST_OUTCOME_TRY(auto certificate, certificate_of(der, size));
    signer->signatory.issuers.push_back(std::move(certificate));
    return signet::success();
  });
}

void signet_seal_signer_free(signet_seal_signer* signer) {
  free_handle(signer);
}

int signet_seal_prepare(const signet_seal_signer* signer, const signet_seal_options* options,
                        const signet_seal_input* document, signet_seal_control* control,
                        signet_seal_prepared** prepared, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({signer, document, prepared}));
    auto made = std::make_unique<signet_seal_prepared>();
    BOOST_OUTCOME_TRY(const auto* const pdf, signet::c::pdf_wish_of(options));
    // Whoever finishes it may have a time-stamper.
    const auto wish = signet::c::wish_of(options, true);
    BOOST_OUTCOME_TRY(
        made->prepared,
        pdf != nullptr
            ? signet::sealing::prepare_pades(signer->crypto, signer->signatory, document->input,
                                             wish, *pdf, control_of(control))
            : signet::sealing::prepare_cades(signer->crypto, signer->signatory, document->input,
                                             wish, control_of(control)));
    *prepared = made.release();
    return signet::success();
  });
}

void signet_seal_prepared_free(signet_seal_prepared* prepared) {
  free_handle(prepared);
}

int signet_seal_prepared_hash(const signet_seal_prepared* prepared) {
  return signet::c::number_of(prepared_in(prepared).algorithm.hash);
}

const void* signet_seal_prepared_digest(const signet_seal_prepared* prepared, size_t* size) {
  return give(prepared_in(prepared).digest, size);
}

const void* signet_seal_prepared_attributes(const signet_seal_prepared* prepared, size_t* size) {
  return give(prepared_in(prepared).attributes, size);
}

const void* signet_seal_prepared_state(const signet_seal_prepared* prepared, size_t* size) {
  return give(prepared_in(prepared).state, size);
}

size_t signet_seal_prepared_remark_count(const signet_seal_prepared* prepared) {
  return prepared_in(prepared).remarks.size();
}

const char* signet_seal_prepared_remark(const signet_seal_prepared* prepared, size_t index) {
  return text_at(prepared_in(prepared).remarks, index);
}

int signet_seal_finish(signet_seal_context* context, signet_seal_time_stamper* time_stamper,
                       const signet_seal_options* options, const void* state, size_t state_size,
                       const void* signature, size_t signature_size,
                       const signet_seal_input* document, signet_seal_output* output,
                       signet_seal_control* control, signet_seal_result** result,
                       signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, state, signature}));
    BOOST_OUTCOME_TRY(const auto state_bytes, bytes_of(state, state_size));
    BOOST_OUTCOME_TRY(const auto signature_bytes, bytes_of(signature, signature_size));
    BOOST_OUTCOME_TRY(const auto client, signet::c::client_of(time_stamper));
    const bool is_pdf = signet::sealing::is_pades_state(state_bytes);
    if (is_pdf) {
      BOOST_OUTCOME_TRY(need({document}));
    }
    BOOST_OUTCOME_TRY(auto* const out, signet::c::take(output));
    auto made = signet::c::room_for(result);
    const auto wish = signet::c::wish_of(options, client != nullptr);
    BOOST_OUTCOME_TRY(auto sealed,
                      is_pdf ? signet::sealing::finish_pades(
                                   context->crypto, client.get(), state_bytes, signature_bytes,
                                   document->input, *out, wish, control_of(control))
                             : signet::sealing::finish_cades(
                                   context->crypto, client.get(), state_bytes, signature_bytes,
                                   document == nullptr ? nullptr : &document->input, *out, wish,
                                   control_of(control)));
    signet::c::set_result(result, made, std::move(sealed));
    return signet::success();
  });
}
