// Seals: the search with its list, one of them, and its proof.
#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_query.h"
#include "seal-server/pages/seal_view.h"
#include "seal-server/register/proof.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kSealsOfPage = 50;

}  // namespace

https::server::Response Pages::list_seals(const Visit& visit) {
  const SealQuery query = read_seal_query(visit.form, visit.user());
  Values values = seal_query_values(visit.form, query, visit.frame.language);
  const bool usable = query.fault.empty();
  SealPage page;
  readers_.read([&](storage::SqlConnection& sql) {
    if (usable) page = search_seals(sql, query.filter, query.after, kSealsOfPage);
    put_seals(values, sql, page.seals, visit.frame);
  });
  const std::string more = query.fields.empty() ? "" : query.fields + "&";
  values.set("none", Values(usable && page.seals.empty() && !page.next));
  values.set("has_next", Values(page.next.has_value()));
  values.set("next",
             page.next ? "/seals?" + more + "after=" + std::to_string(*page.next) : std::string());
  values.set("continued", Values(query.after.has_value()));
  values.set("first", "/seals?" + query.fields);
  values.set("fields", query.fields);
  Frame frame = visit.frame;
  frame.section = "seals";
  return page_answer(usable ? 200 : 422, frame, "seals", "seals", values);
}

Seal Pages::seal_of(storage::SqlConnection& sql, const Visit& visit) const {
  auto seal = find_seal(sql, visit.item);
  const User& user = visit.user();
  if (!seal || (user.role == Role::person && seal->client != user.client))
    throw problems::no_such("There is no such seal.");
  return *std::move(seal);
}

https::server::Response Pages::show_seal(const Visit& visit) {
  Values values;
  readers_.read([&](storage::SqlConnection& sql) {
    const Seal seal = seal_of(sql, visit);
    values.set("id", seal.id);
    values.set("facts", seal_facts(sql, seal, visit.frame.language));
    values.set("events", seal_events(sql, seal, visit.frame.language));
  });
  Frame frame = visit.frame;
  frame.section = "seals";
  return page_answer(200, frame, "seal", "seal", values);
}

https::server::Response Pages::give_proof(const Visit& visit) {
  return readers_.read([&](storage::SqlConnection& sql) {
    const Seal seal = seal_of(sql, visit);
    const auto sequence = newest_event_of(sql, seal.id);
    if (!sequence) throw problems::no_such("The register has no event of this seal.");
    return download("text/plain; charset=utf-8", "seal-" + seal.id + ".tlog-proof",
                    event_proof(sql, *sequence));
  });
}

}  // namespace signet::sealserver
