// Signatures with a credential: authorised, asked for, and waited for where the service makes them later.
#ifndef SIGNET_DSA_TRANSPORT_CSC_SIGNER_H_
#define SIGNET_DSA_TRANSPORT_CSC_SIGNER_H_

#include <optional>
#include <span>

#include "dsa-transport/csc/authorisations.h"
#include "dsa-transport/csc/pins.h"
#include "dsa-transport/csc/service.h"

namespace signet::transport::csc {

// Thread-safe.
class Signer {
 public:
  explicit Signer(Service& service) : service_(service) {}

  // One request of the module, cut into as many of the service's as the credential demands.
  Task<Answer<Signatures>> sign(const Credential& who, const SignRequest& request,
                                Deadline deadline);

  // Authorises signatures ahead, which tells whether the PIN is right, and keeps the authorisation.
  Task<Answer<void>> check_pin(const Secret& pin, CredentialPtr credential, Deadline deadline);

  // PINs and authorisations are for no other service.
  void forget() {
    authorisations_.clear();
    pins_.clear();
  }

 private:
  struct Order {
    CredentialPtr credential;
    const AlgorithmRow* algorithm;
    Hash hash;
    std::size_t salt_length;
    Proof proof;
    Deadline deadline;
    std::string reference = {};
  };

  // What of a chunk came about; `fewer`: the service wants smaller ones.
  struct Chunk {
    explicit Chunk(Answer<Signatures> its_answer, bool wants_fewer = false)
        : answer(std::move(its_answer)), fewer(wants_fewer) {}

    Answer<Signatures> answer;
    bool fewer = false;
  };
  Task<Chunk> sign_chunk(const Order& order, std::span<const Bytes> digests);
  Task<Attempt<SignAnswer>> request(const Order& order, std::span<const Bytes> digests,
                                    const Sad& sad);
  Task<Answer<SignAnswer>> poll(const Order& order, std::string response_id, std::string member,
                                std::size_t count);
  // Leave to send a PIN: with the turn to try it, where nothing is known of it.
  Task<Answer<Turns::Turn>> may_send(PinRecord& record, const Secret& pin, Deadline deadline);
  // `anew`: no former authorisation serves.
  Task<Attempt<Grant>> authorise(const Order& order, std::span<const Bytes> digests, bool anew);
  Task<Attempt<Authorisation>> ask_for_sad(const Order& order, std::size_t signatures,
                                           std::optional<Digests> digests);
  // A former authorisation, for these digests; none where there is none that the service extends.
  Task<Attempt<std::optional<Grant>>> extend(const Order& order, const Secret& pin,
                                             std::span<const Bytes> digests);

  Service& service_;
  Authorisations authorisations_;
  Pins pins_;
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_SIGNER_H_
