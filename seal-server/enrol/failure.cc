#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

Reason reason_of(transport::Failure failure) {
  using transport::Failure;
  switch (failure) {
    case Failure::wrong_password:
    case Failure::account_locked:
    case Failure::password_expired:
    case Failure::account_disabled:
    case Failure::account_not_activated:
      return Reason::pin;
    case Failure::exists_already:
      return Reason::exists;
    case Failure::storage_full:
      return Reason::token_full;
    case Failure::not_supported:
      return Reason::not_supported;
    case Failure::no_such_object:
      return Reason::not_found;
    case Failure::busy:
    case Failure::bad_answer:
    case Failure::untrusted:
    case Failure::unreachable:
    case Failure::timed_out:
    case Failure::appliance_fault:
      return Reason::no_answer;
    default:
      return Reason::failed;
  }
}

Reason reason_of(sealclient::ServerError::Kind kind) {
  using Kind = sealclient::ServerError::Kind;
  switch (kind) {
    case Kind::unreachable:
    case Kind::untrusted:
    case Kind::bad_answer:
      return Reason::no_answer;
    case Kind::missing:
      return Reason::not_found;
    case Kind::conflict:
      return Reason::exists;
    default:
      return Reason::failed;
  }
}

}  // namespace

void fail(Reason reason, const std::string& sentence) {
  throw CommandFailure(static_cast<int>(reason), sentence);
}

std::string sentence_from(std::string clause) {
  if (!clause.empty() && clause[0] >= 'a' && clause[0] <= 'z')
    clause[0] = static_cast<char>(clause[0] - 'a' + 'A');
  if (!clause.empty() && clause.back() != '.') clause += '.';
  return clause;
}

void fail_with(const FileError& error) {
  fail(Reason::failed, sentence_from(error.sentence));
}

void fail_with(const CkError& error) {
  fail(Reason::failed, sentence_from(error.sentence));
}

void fail_with(const pkcs11::TokenError& error) {
  fail(error.reason, sentence_from(error.sentence));
}

void fail_with(const sealclient::ServerError& error) {
  fail(reason_of(error.kind), sentence_from(error.sentence));
}

void fail_with(const transport::ApplianceError& error) {
  fail(reason_of(error.failure), sentence_from("the appliance: " + error.sentence));
}

void fail_with(const cms::EnvelopeError& error) {
  fail(Reason::failed, error.sentence);
}

void fail_with(const sealclient::CredentialsError& error) {
  fail(Reason::failed, error.sentence);
}

void fail_with(const sealclient::CryptogramError& error) {
  fail(Reason::failed, error.sentence);
}

}  // namespace signet::sealserver::enrol
