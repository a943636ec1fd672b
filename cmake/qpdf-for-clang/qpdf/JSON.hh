// In place of qpdf's header of this name where clang compiles with C++20: qpdf 11.3's has a vector of an incomplete class, which
// clang does not take there. Nothing here uses qpdf's JSON.
#ifndef JSON_HH
#define JSON_HH

#include <qpdf/DLL.h>
#include <qpdf/PointerHolder.hh>
#include <qpdf/Types.h>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

class JSON;

#endif  // JSON_HH
