// What a failure's log entry carries beside its sentence, each as a field of its own: member,
// http_status, sapi_code, request_id, milliseconds. What is not known is left out.
#ifndef SIGNET_DSA_TRANSPORT_CAUSE_FIELDS_H_
#define SIGNET_DSA_TRANSPORT_CAUSE_FIELDS_H_

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "common/cause.h"
#include "common/clock.h"
#include "common/log.h"

namespace signet {

class CauseFields {
 public:
  // The cause outlives this object. Most sentences name the member; then text need not repeat it.
  CauseFields(const Cause& cause, std::string_view sentence, Milliseconds spent)
      : http_status_(std::to_string(cause.status)), milliseconds_(std::to_string(spent.count())) {
    add_known({.name = "member", .value = cause.member, .in_sentence = names(sentence, cause)});
    if (cause.status != 0) {
      add({.name = "http_status", .value = http_status_, .number = true});
    }
    add_known({.name = "sapi_code", .value = cause.code});
    add_known({.name = "request_id", .value = cause.request_id});
    add({.name = "milliseconds", .value = milliseconds_, .number = true});
  }
  CauseFields(const CauseFields&) = delete;
  CauseFields& operator=(const CauseFields&) = delete;

  // Up to three more.
  void add(const log::Field& field) {
    if (count_ < fields_.size()) fields_.at(count_++) = field;
  }

  std::span<const log::Field> all() const { return {fields_.data(), count_}; }

 private:
  static bool names(std::string_view sentence, const Cause& cause) {
    return sentence.find(cause.member) != std::string_view::npos;
  }

  void add_known(const log::Field& field) {
    if (!field.value.empty()) add(field);
  }

  const std::string http_status_;
  const std::string milliseconds_;
  std::array<log::Field, 8> fields_{};
  std::size_t count_ = 0;
};

}  // namespace signet

#endif  // SIGNET_DSA_TRANSPORT_CAUSE_FIELDS_H_
