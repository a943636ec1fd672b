// Clients, for administrators: who they are, suspended and admitted again, their keys revoked, and their limits. Each change is
// in the register, with the administrator's name.
#include <boost/json.hpp>
#include <charconv>

#include "common/json_text.h"
#include "seal-server/pages/day.h"
#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_view.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kClientsOfPage = 100;
constexpr std::size_t kDayDigits = 10;

void note_action(Group& group, const Visit& visit, const std::string& client,
                 const std::string& action) {
  group.add({.kind = "client-administered",
             .client = client,
             .seal = {},
             .content =
                 json_text({{"user", visit.user().name}, {"client", client}, {"action", action}})});
}

std::string number_text(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

// Empty: no limit.
std::optional<std::int64_t> limit_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0)
    throw problems::bad_value("A limit is a number.");
  return number;
}

SealLimits limits_in(const Form& form) {
  SealLimits limits{.per_day = limit_in(form.value("per_day")),
                    .in_all = limit_in(form.value("in_all")),
                    .until = std::nullopt,
                    .per_second = limit_in(form.value("per_second"))};
  if (const std::string day = form.value("until"); !day.empty()) {
    const auto moment = day_start(day);
    if (!moment) throw problems::bad_value("A day is written as 2026-03-01.");
    limits.until = *moment;
  }
  return limits;
}

Values client_row(const Client& client, Language language) {
  Values row;
  row.set("id", client.id);
  row.set("name", client.name);
  row.set("organisation", client.organisation);
  row.set("state", text(language, "client_" + client.state));
  row.set("state_name", client.state);
  row.set("opened", std::to_string(client.opened));
  return row;
}

}  // namespace

https::server::Response Pages::list_clients(const Visit& visit) {
  Values rows = value_list();
  std::string next;
  readers_.read([&](storage::SqlConnection& sql) {
    const auto found = sql.query("SELECT id FROM client WHERE id > :after ORDER BY id LIMIT :most",
                                 {visit.form.value("after"), kClientsOfPage + 1});
    for (const auto& each : found) {
      if (std::cmp_equal(rows.list_value().size(), kClientsOfPage)) break;
      rows.push_back(client_row(find_client(sql, each.text(0)).value(), visit.frame.language));
      next = each.text(0);
    }
    if (std::cmp_less_equal(found.size(), kClientsOfPage)) next.clear();
  });
  Values values;
  values.set("clients", rows);
  values.set("some", Values(!rows.is_empty_list()));
  values.set("has_next", Values(!next.empty()));
  values.set("next", "/clients?" + form_text({{"after", next}}));
  Frame frame = visit.frame;
  frame.section = "clients";
  return page_answer(200, frame, "clients", "clients", values);
}

https::server::Response Pages::show_client_page(const Visit& visit) {
  Values values;
  readers_.read([&](storage::SqlConnection& sql) {
    const auto client = find_client(sql, visit.item);
    if (!client) throw problems::no_such("There is no such client.");
    values = client_row(*client, visit.frame.language);
    values.set("active", Values(client->state == "active"));
    values.set("suspended", Values(client->state == "suspended"));
    values.set("alive", Values(client->state != "ended"));
    values.set("per_day", number_text(client->limits.per_day));
    values.set("in_all", number_text(client->limits.in_all));
    values.set("per_second", number_text(client->limits.per_second));
    values.set("until_day", client->limits.until.value_or("").substr(0, kDayDigits));
    const Values certificates = certificate_rows(sql, visit, *client);
    values.set("some", Values(!certificates.is_empty_list()));
    values.set("certificates", certificates);
    values.set("revocable", Values(true));
  });
  Frame frame = visit.frame;
  frame.section = "clients";
  return page_answer(200, frame, "client", "client", values);
}

https::server::Response Pages::change_client_state(const Visit& visit) {
  const std::string state = visit.form.value("state");
  sequencer_.write([&](Group& group) {
    set_client_state(group, visit.item, state);
    note_action(group, visit, visit.item, state);
  });
  return see_other("/clients/" + visit.item);
}

https::server::Response Pages::change_client_limits(const Visit& visit) {
  const SealLimits limits = limits_in(visit.form);
  sequencer_.write([&](Group& group) {
    set_client_limits(group, visit.item, limits);
    note_action(group, visit, visit.item, "limits");
  });
  return see_other("/clients/" + visit.item);
}

https::server::Response Pages::revoke_client_key(const Visit& visit) {
  const std::string client = sequencer_.write([&](Group& group) {
    const auto key = find_key(group.sql(), visit.item);
    if (!key) throw problems::no_such("There is no such key.");
    revoke_key(group, visit.item);
    note_action(group, visit, key->client, "revoke " + key->spki);
    return key->client;
  });
  return see_other("/clients/" + client);
}

}  // namespace signet::sealserver
