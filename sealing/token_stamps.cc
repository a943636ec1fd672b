#include "sealing/token_stamps.h"

#include <utility>

namespace signet::sealing {

namespace {

using timestamps::Miss;

Miss::Kind kind_of(const pkcs11::TokenError& error) {
  switch (error.reason) {
    case pkcs11::Reason::not_supported:
      return Miss::Kind::not_offered;
    case pkcs11::Reason::no_answer:
      return error.rv == CKR_DEVICE_REMOVED ? Miss::Kind::unreachable : Miss::Kind::service;
    default:
      return error.rv == CKR_HOST_MEMORY ? Miss::Kind::no_resources : Miss::Kind::service;
  }
}

}  // namespace

pkcs11::TokenResult<Bytes> TokenStamps::stamp(const timestamps::StampRequest& request,
                                              Deadline deadline) {
  auto session = sessions_.take();
  if (!session) {
    BOOST_OUTCOME_TRY(auto made, pkcs11::TokenSession::open_public(module_, token_));
    session = sessions_.lend(std::move(made));
  }
  auto stamp = session->time_stamp(request.hash, request.imprint, request.nonce, deadline.left());
  // A session that is no more is not used again.
  const bool is_gone = !stamp && (stamp.error().rv == CKR_SESSION_HANDLE_INVALID ||
                                  stamp.error().rv == CKR_SESSION_CLOSED);
  if (is_gone) delete session.release();
  return stamp;
}

timestamps::KeyService TokenStamps::service(std::shared_ptr<TokenStamps> stamps) {
  return [stamps = std::move(stamps)](const timestamps::StampRequest& request,
                                      Deadline deadline) -> Result<Bytes, Miss> {
    auto stamp = stamps->stamp(request, deadline);
    if (stamp) return std::move(stamp).value();
    Miss miss;
    miss.kind = kind_of(stamp.error());
    miss.sentence = std::move(stamp).error().sentence;
    return miss;
  };
}

}  // namespace signet::sealing
