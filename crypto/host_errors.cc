#include "crypto/host_errors.h"

#include <openssl/crypto.h>

#include <new>

#include "crypto/fork_gate.h"

namespace signet::crypto {

namespace {

// nullptr once OpenSSL has shut down. The structure is part of OpenSSL 3's interface, though its
// authors would rather that nobody used it: the functions that they offer instead cannot put marks
// back.
ERR_STATE* queue_of_this_thread() {
  const ForkPass pass(
      ForkPass::Length::instant);  // the first time, OpenSSL takes note of the thread
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  return ERR_get_state();
#pragma GCC diagnostic pop
}

// Also what ERR_clear_error keeps for later errors.
void empty(ERR_STATE& queue) {
  ERR_clear_error();
  for (int i = 0; i < ERR_NUM_ERRORS; ++i) {
    if ((queue.err_data_flags[i] & ERR_TXT_MALLOCED) != 0) OPENSSL_free(queue.err_data[i]);
  }
}

}  // namespace

HostErrors::HostErrors() {
  // The first time, OpenSSL takes note of the thread.
  const ForkPass pass(ForkPass::Length::instant);
  ERR_STATE* const queue = queue_of_this_thread();
  if (queue == nullptr) return;
  kept_ = *queue;
  *queue = {};
  keeps_ = true;
}

HostErrors::~HostErrors() {
  ERR_STATE* const queue = keeps_ ? queue_of_this_thread() : nullptr;
  if (queue == nullptr) return;
  empty(*queue);
  *queue = kept_;
}

bool verdict(bool good) {
  if (good) return true;
  for (auto code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc();
  }
  return false;
}

}  // namespace signet::crypto
