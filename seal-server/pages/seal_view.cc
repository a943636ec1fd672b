#include "seal-server/pages/seal_view.h"

#include <map>

#include "seal-server/clients/clients.h"
#include "seal-server/register/entry.h"

namespace signet::sealserver {

namespace {

std::string client_name(storage::SqlConnection& sql, const std::string& id) {
  const auto client = find_client(sql, id);
  return client ? client->name : id;
}

class Facts {
 public:
  explicit Facts(Language language) : language_(language) {}

  void put(const char* name, const std::string& value) { add(name, value, false, false); }
  void put_code(const char* name, const std::string& value) { add(name, value, true, false); }
  void put_time(const char* name, const std::string& value) { add(name, value, false, true); }

  const Values& values() const { return values_; }

 private:
  void add(const char* name, const std::string& value, bool code, bool time) {
    if (value.empty()) return;
    Values fact;
    fact.set("name", text(language_, name));
    fact.set("value", time ? shown_time(value) : value);
    fact.set("code", Values(code));
    fact.set("time", Values(time));
    fact.set("plain", Values(!code && !time));
    fact.set("moment", value);
    values_.push_back(fact);
  }

  const Language language_;
  Values values_ = value_list();
};

// A kind of event that has no words here stays as the register has it.
std::string event_words(Language language, const std::string& kind) {
  for (const char* known : {"opened", "sealed", "failed", "unknown"}) {
    if (kind == known) return text(language, "state_" + kind);
  }
  return kind;
}

}  // namespace

std::string shown_time(const std::string& time) {
  constexpr std::size_t kSeconds = std::string_view("2026-03-01T12:00:00").size();
  if (time.size() <= kSeconds || time[10] != 'T' || time.back() != 'Z') return time;
  return time.substr(0, 10) + " " + time.substr(11, kSeconds - 11) + " UTC";
}

void put_seals(Values& values, storage::SqlConnection& sql, const std::vector<Seal>& seals,
               const Frame& frame) {
  std::map<std::string, std::string> names;
  Values rows = value_list();
  const bool with_client = frame.user && frame.user->role != Role::person;
  for (const Seal& seal : seals) {
    Values row;
    row.set("id", seal.id);
    row.set("moment", seal.opened_at);
    row.set("opened", shown_time(seal.opened_at));
    row.set("reference", seal.opened.reference);
    row.set("has_reference", Values(!seal.opened.reference.empty()));
    row.set("state", text(frame.language, "state_" + seal.result.state));
    row.set("state_name", seal.result.state);
    row.set("with_client", Values(with_client));
    if (with_client) {
      std::string& name = names[seal.client];
      if (name.empty()) name = client_name(sql, seal.client);
      row.set("client", name);
    }
    rows.push_back(row);
  }
  values.set("seals", rows);
  values.set("some", Values(!seals.empty()));
  values.set("with_clients", Values(with_client));
}

Values seal_facts(storage::SqlConnection& sql, const Seal& seal, Language language) {
  Facts facts(language);
  facts.put("state", text(language, "state_" + seal.result.state));
  facts.put("reference", seal.opened.reference);
  facts.put("client", client_name(sql, seal.client));
  facts.put("kind", text(language, "kind_" + seal.opened.kind));
  facts.put("format", seal.opened.format);
  facts.put("level", seal.opened.level);
  facts.put_time("opened_at", seal.opened_at);
  facts.put_time("signed_at", seal.result.signed_at);
  facts.put_time("timestamped_at", seal.result.timestamped_at);
  facts.put_time("ended_at", seal.ended_at);
  facts.put("reason", seal.result.reason);
  facts.put_code("digest", seal.opened.digest);
  facts.put_code("sealed_digest", seal.result.sealed_digest);
  facts.put_code("signature_digest", seal.result.signature_digest);
  facts.put_code("certificate", seal.result.certificate.empty() ? seal.opened.certificate
                                                                : seal.result.certificate);
  facts.put_code("transaction", seal.id);
  return facts.values();
}

Values seal_events(storage::SqlConnection& sql, const Seal& seal, Language language) {
  Values events = value_list();
  for (const auto& row :
       sql.query("SELECT sequence, entry, content FROM event WHERE seal = :seal ORDER BY sequence",
                 {seal.id})) {
    const auto entry = entry_of(row.text(1));
    Values event;
    event.set("sequence", std::to_string(row.number(0)));
    event.set("moment", entry ? entry->time : std::string());
    event.set("time", entry ? shown_time(entry->time) : std::string());
    event.set("kind", event_words(language, entry ? entry->kind : std::string()));
    event.set("thinned", Values(row.is_null(2)));
    events.push_back(event);
  }
  return events;
}

}  // namespace signet::sealserver
