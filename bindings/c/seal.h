// What the calls that seal have in common.
#ifndef SIGNET_BINDINGS_C_SEAL_H_
#define SIGNET_BINDINGS_C_SEAL_H_

#include <memory>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"

namespace signet::c {

// `options`: null for what holds without any.
sealing::SealWish wish_of(const signet_seal_options* options, bool has_time_stamper);

// What is asked for beside it where the format is PAdES, else null. SIGNET_SEAL_SETTINGS where the options contradict the format.
CallResult<const sealing::PdfWish*> pdf_wish_of(const signet_seal_options* options);

// Of an encrypted document.
CallResult<Secret> pdf_password_of(const void* password, std::size_t size);

// Null: neither.
sealing::Control control_of(signet_seal_control* control);

CallResult<std::shared_ptr<timestamps::Client>> client_of(
    const signet_seal_time_stamper* time_stamper);  // null where there is none

// For its one document.
CallResult<sealing::Output*> take(signet_seal_output* output);

void set_result(signet_seal_result** result, std::unique_ptr<signet_seal_result>& made,
                sealing::Sealed sealed);

// Before anything is written, so that a document that is there has its result.
std::unique_ptr<signet_seal_result> room_for(signet_seal_result* const* result);

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_SEAL_H_
