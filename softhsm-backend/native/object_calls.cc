// GET /objects: pages over one state of an account's objects.
#include <algorithm>
#include <charconv>

#include "crypto/openssl.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/native/wire_objects.h"

namespace signet::emulator {

namespace {

// Where a page begins: "k.VERSION.SEQ" within the keys, "c.VERSION.SEQ" within the certificates.
struct Cursor {
  bool certificates = false;
  std::int64_t version = 0;
  std::int64_t after = 0;

  std::string text() const {
    return std::string(certificates ? "c." : "k.") + std::to_string(version) + "." +
           std::to_string(after);
  }
};

std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<Cursor> read_cursor(std::string_view text) {
  if (!text.starts_with("k.") && !text.starts_with("c.")) return std::nullopt;
  const std::size_t dot = text.find('.', 2);
  if (dot == std::string_view::npos) return std::nullopt;
  const auto version = read_number(text.substr(2, dot - 2));
  const auto after = read_number(text.substr(dot + 1));
  if (!version || !after) return std::nullopt;
  return Cursor{.certificates = text.front() == 'c', .version = *version, .after = *after};
}

std::optional<std::string_view> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return pair.substr(std::min(equals + 1, pair.size()));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

// One strong tag, as the contract has it (RFC 9110, section 8.8.3).
bool is_entity_tag(std::string_view text) {
  if (text.size() < 3 || !text.starts_with('"') || !text.ends_with('"')) return false;
  return std::ranges::all_of(text.substr(1, text.size() - 2),
                             [](char c) { return c > ' ' && c <= '~' && c != '"'; });
}

// Differs between appliances, accounts and states of the set.
std::string entity_tag(const std::string& cluster, const std::string& user, std::int64_t version) {
  const Bytes digest = crypto::sha256(view_of(cluster + "/" + user));
  return "\"" + to_hex(ByteView(digest).first(8)) + "-" + std::to_string(version) + "\"";
}

struct Page {
  boost::json::array keys;
  boost::json::array certificates;
  std::optional<Cursor> next;
};

Page read_page(Database& database, const std::string& user, const Cursor& from) {
  Page page;
  std::int64_t room = kObjectsPerPage;
  std::int64_t after = from.after;
  if (!from.certificates) {
    for (const KeyRow& key : keys_after(database, user, from.after, room)) {
      page.keys.push_back(json_of(key));
      after = key.seq;
      --room;
    }
    if (room == 0) {
      page.next = Cursor{.certificates = false, .version = from.version, .after = after};
      return page;
    }
    after = 0;
  }
  for (const CertificateRow& certificate : certificates_after(database, user, after, room)) {
    page.certificates.push_back(json_of(certificate));
    after = certificate.seq;
    --room;
  }
  if (room == 0) {
    page.next = Cursor{.certificates = true, .version = from.version, .after = after};
  }
  return page;
}

// A full page may be the last one: then it names no next.
bool anything_after(Database& database, const std::string& user, const Cursor& cursor) {
  if (!cursor.certificates && !keys_after(database, user, cursor.after, 1).empty()) return true;
  return !certificates_after(database, user, cursor.certificates ? cursor.after : 0, 1).empty();
}

}  // namespace

Outcome<Answer> Service::get_objects(Call& call) {
  return state_.read([&](Database& database) { return list_objects(call, database); });
}

Outcome<Answer> Service::list_objects(const Call& call, Database& database) {
  Cursor from{.certificates = false, .version = set_version(database, call.user()), .after = 0};
  const std::string tag = entity_tag(cluster_id_, call.user(), from.version);

  const std::string_view known = call.request.header("If-None-Match");
  if (call.request.has_header("If-None-Match") && !is_entity_tag(known)) {
    return problems::bad_parameter("If-None-Match is not one entity tag in quotation marks.");
  }
  if (const auto text = parameter(call.query, "cursor")) {
    const auto cursor = read_cursor(percent_decoded(*text).value_or(""));
    if (!cursor) return problems::bad_parameter("The cursor is not from this appliance.");
    if (cursor->version != from.version) return problems::set_changed();
    from = *cursor;
  } else if (known == tag) {
    return Answer{.status = 304, .body = {}, .headers = {{"ETag", tag}}};
  }

  Page page = read_page(database, call.user(), from);
  boost::json::object body{{"keys", std::move(page.keys)},
                           {"certificates", std::move(page.certificates)}};
  if (page.next && anything_after(database, call.user(), *page.next))
    body["next"] = page.next->text();
  return Answer{.status = 200, .body = json_text(body), .headers = {{"ETag", tag}}};
}

}  // namespace signet::emulator
