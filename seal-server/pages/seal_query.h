// What somebody looks for on the page of seals, as the form's fields have it.
#ifndef SIGNET_SEAL_SERVER_PAGES_SEAL_QUERY_H_
#define SIGNET_SEAL_SERVER_PAGES_SEAL_QUERY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seal-server/clients/users.h"
#include "seal-server/pages/form.h"
#include "seal-server/pages/view.h"
#include "seal-server/seals/search.h"

namespace signet::sealserver {

struct SealQuery {
  SealFilter filter;
  std::optional<std::int64_t> after;
  std::string fault;  // the name of a text that says what is wrong with a field; empty: nothing is

  // The fields without "after", for links to further pages.
  std::string fields;
};

// A person sees the seals of the own client, whatever the fields say. A digest is hexadecimal or base64; several are
// separated by spaces or commas. Days are of UTC, the last one included.
SealQuery read_seal_query(const Form& form, const User& user);

// The fields again, for the form.
Values seal_query_values(const Form& form, const SealQuery& query, Language language);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_SEAL_QUERY_H_
