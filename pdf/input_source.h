// A document as qpdf is shown it: through a window, from where its offsets count up to the last %%EOF. For this component
// alone.
#ifndef SIGNET_PDF_INPUT_SOURCE_H_
#define SIGNET_PDF_INPUT_SOURCE_H_

#include <memory>
#include <qpdf/InputSource.hh>
#include <qpdf/QPDF.hh>
#include <string>

#include "pdf/cross_reference.h"
#include "pdf/source.h"

namespace signet::pdf {

// The arguments outlive it. Where offsets count from the file's start and something stands in front of %PDF-, qpdf sees the
// header and blanks in its place, since it would count from %PDF- otherwise. Reading more than 64 MiB, or 1,000,000 elements, all in all
// throws; so does an object stream that is refused (object_streams.h). `reader`: who reads it.
std::shared_ptr<InputSource> input_source(Window& window, const CrossReference& cross_reference,
                                          QPDF& reader);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_INPUT_SOURCE_H_
