// qpdf throws; nothing of that leaves this component. For this component alone.
#ifndef SIGNET_PDF_GUARDED_H_
#define SIGNET_PDF_GUARDED_H_

#include <exception>
#include <new>
#include <qpdf/QPDFExc.hh>
#include <utility>

#include "pdf/error.h"

namespace signet::pdf {

Error error_of(const QPDFExc& thrown, std::uint64_t base);
Error error_of(const std::exception& thrown);

// What `work` returns, or the error that it threw. `base`: see CrossReference::base().
template <typename Work>
auto guarded(Work&& work, std::uint64_t base = 0) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const QPDFExc& thrown) {
    return error_of(thrown, base);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& thrown) {
    return error_of(thrown);
  }
}

}  // namespace signet::pdf

#endif  // SIGNET_PDF_GUARDED_H_
