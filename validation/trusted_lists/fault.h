// Conclusions of one reason.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_FAULT_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_FAULT_H_

#include <utility>

#include "validation/indication.h"

namespace signet::validation {

inline Conclusion failed(SubIndication why, Statement reason) {
  return {Indication::failed, why, {std::move(reason)}, {}};
}

inline Conclusion indeterminate(SubIndication why, Statement reason) {
  return {Indication::indeterminate, why, {std::move(reason)}, {}};
}

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_FAULT_H_
