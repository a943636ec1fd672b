#include "bindings/c/call.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "bindings/c/handles.h"
#include "common/utf8.h"
#include "crypto/certificate_parts.h"
#include "crypto/cms/signer_info.h"
#include "crypto/library_context.h"

namespace signet::c {

namespace {

constexpr std::size_t kLongestText = 64UL * 1024;

struct StatusRow {
  sealing::Failure failure;
  int status;
};
constexpr std::array kStatuses = {
    StatusRow{sealing::Failure::input, SIGNET_SEAL_INPUT},
    StatusRow{sealing::Failure::changed, SIGNET_SEAL_CHANGED},
    StatusRow{sealing::Failure::output, SIGNET_SEAL_OUTPUT},
    StatusRow{sealing::Failure::exists, SIGNET_SEAL_EXISTS},
    StatusRow{sealing::Failure::broken, SIGNET_SEAL_BROKEN},
    StatusRow{sealing::Failure::forbidden, SIGNET_SEAL_FORBIDDEN},
    StatusRow{sealing::Failure::token, SIGNET_SEAL_TOKEN},
    StatusRow{sealing::Failure::settings, SIGNET_SEAL_SETTINGS},
    StatusRow{sealing::Failure::no_time_stamp, SIGNET_SEAL_NO_TIME_STAMP},
    StatusRow{sealing::Failure::cancelled, SIGNET_SEAL_CANCELLED}};

int status_of(sealing::Failure failure) {
  for (const StatusRow& row : kStatuses)
    if (row.failure == failure) return row.status;
  return SIGNET_SEAL_FAILED;
}

// The longest beginning that fits and ends with a whole character.
std::size_t fitting(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return most;
}

}  // namespace

Refusal::Refusal(const pkcs11::TokenError& error)
    : status(error.reason == pkcs11::Reason::bad_signature ? SIGNET_SEAL_SIGNATURE
                                                           : SIGNET_SEAL_TOKEN),
      sentence(error.sentence),
      reason(static_cast<int>(error.reason)),
      rv(error.rv) {}

Refusal::Refusal(const sealing::Error& error)
    : Refusal(error.failure == sealing::Failure::token
                  ? Refusal(error.token)
                  : Refusal(status_of(error.failure), error.sentence)) {}

Refusal bad_argument(std::string sentence) {
  return {SIGNET_SEAL_ARGUMENT, std::move(sentence)};
}

CallResult<void> need(std::initializer_list<const void*> pointers) {
  if (std::ranges::find(pointers, nullptr) == pointers.end()) return success();
  return bad_argument("an argument is NULL that must not be");
}

CallResult<std::string> text_of(const char* text) {
  BOOST_OUTCOME_TRY(need({text}));
  const std::size_t size = strnlen(text, kLongestText + 1);
  if (size == 0) return bad_argument("a text is empty");
  if (size > kLongestText) return bad_argument("a text is longer than 64 KiB");
  std::string copy(text, size);
  if (!is_utf8(copy)) return bad_argument("a text is not UTF-8");
  return copy;
}

CallResult<ByteView> bytes_of(const void* data, std::size_t size) {
  if (data == nullptr && size != 0) return bad_argument("bytes are NULL that have a size");
  return ByteView(static_cast<const std::uint8_t*>(data), size);
}

CallResult<Bytes> certificate_of(const void* der, std::size_t size) {
  BOOST_OUTCOME_TRY(const ByteView bytes, bytes_of(der, size));
  if (!crypto::parse_certificate(bytes))
    return bad_argument("this is not a certificate (DER X.509)");
  return copy_of(bytes);
}

CallResult<std::string> oid_of(const char* dotted) {
  BOOST_OUTCOME_TRY(auto text, text_of(dotted));
  if (cms::encode_oid(text).empty())
    return bad_argument("this is not an object identifier in dotted form");
  return text;
}

CallResult<Milliseconds> limit_of(std::uint32_t milliseconds) {
  constexpr std::uint32_t most = 3'600'000;
  if (milliseconds == 0 || milliseconds > most)
    return bad_argument("a limit is 1 to 3600000 milliseconds");
  return Milliseconds(milliseconds);
}

CallResult<void> check_process(std::uint64_t mark) {
  if (mark == process_mark()) return success();
  return Refusal(SIGNET_SEAL_FORKED,
                 "this handle was made before a fork, in the parent process: make another one");
}

const void* give(const Bytes& bytes, std::size_t* size) noexcept {
  if (size != nullptr) *size = bytes.size();
  return bytes.empty() ? nullptr : bytes.data();
}

const char* text_at(const std::vector<std::string>& texts, std::size_t index) noexcept {
  return index < texts.size() ? texts[index].c_str() : nullptr;
}

HostThread::HostThread() noexcept {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state_);
  if (!crypto::openssl_is_gone()) aside_.emplace();
}

HostThread::~HostThread() {
  aside_.reset();
  pthread_setcancelstate(cancel_state_, nullptr);
}

int succeed(signet_seal_error* error) noexcept {
  return fail(error, SIGNET_SEAL_OK, {});
}

int fail(signet_seal_error* error, int status, std::string_view sentence, int reason,
         unsigned long rv) noexcept {
  if (error == nullptr) return status;
  error->status = status;
  error->reason = reason;
  error->rv = rv;
  const std::size_t size = fitting(sentence, error->sentence.size() - 1);
  std::copy_n(sentence.data(), size, error->sentence.begin());
  error->sentence.at(size) = '\0';
  return status;
}

}  // namespace signet::c

using signet::c::free_handle;

signet_seal_error* signet_seal_error_new(void) {
  return new (std::nothrow) signet_seal_error;
}

// Holds nothing that could not be freed at any time.
void signet_seal_error_free(signet_seal_error* error) {
  delete error;
}

int signet_seal_error_status(const signet_seal_error* error) {
  return error == nullptr ? SIGNET_SEAL_OK : error->status;
}

const char* signet_seal_error_sentence(const signet_seal_error* error) {
  return error == nullptr ? "" : error->sentence.data();
}

int signet_seal_error_token_reason(const signet_seal_error* error) {
  return error == nullptr ? 0 : error->reason;
}

unsigned long signet_seal_error_token_rv(const signet_seal_error* error) {
  return error == nullptr ? 0 : error->rv;
}
