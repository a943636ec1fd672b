// What Boost.JSON leaves to its users, for any JSON text; nothing here knows a wire.
#ifndef SIGNET_COMMON_JSON_TEXT_H_
#define SIGNET_COMMON_JSON_TEXT_H_

#include <boost/json/memory_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "common/wiped_memory.h"
#include "common/wiped_text.h"

namespace signet {

// What a text will cost, told before it is parsed and without any memory. Of text that is no JSON it means nothing.
struct JsonAmount {
  std::size_t values = 0;  // no fewer than there are, and no more than twice as many
  std::size_t members =
      0;  // of the object that has most: names that a stranger chooses can all have one hash
};
JsonAmount amount_of_json(std::string_view text);

// Whether an object of `text`, of which `value` was parsed, has two members of one name: the parser keeps the last one
// and does not say so. A stack frame is used for each level.
bool repeats_a_name(std::string_view text, const boost::json::value& value);

// Compact. Characters that are not printable (printable.h) are escaped and bytes that are not UTF-8 become U+FFFD; the
// serializer would write both as they are.
std::string json_text(const boost::json::value& value);

// Memory for a document that may hold a password: zeroised when it is given back.
class WipingMemory final : public boost::json::memory_resource {
 private:
  void* do_allocate(std::size_t size, std::size_t /*alignment*/) override {
    return take_wiped_memory(size);  // aligned for everything that a document holds
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t /*alignment*/) override {
    give_back_wiped_memory(memory, size);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

// A text of such a document. By itself a short one would lie inside its value, and the copies that the stack gets of
// that are not wiped; this one lies in `memory`.
boost::json::string wiped_json_string(std::string_view text, boost::json::storage_ptr memory);

// The text of such a document, as it is: the object's strings are UTF-8 (common/utf8.h).
WipedText wiped_json_text(const boost::json::object& object);

}  // namespace signet

#endif  // SIGNET_COMMON_JSON_TEXT_H_
