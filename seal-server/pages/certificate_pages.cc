// Certificates, and which of them are to be renewed.
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/due.h"
#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_view.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kCertificatesOfPage = 100;

Values certificate_row(const AuthenticationKey& key, const std::string& client,
                       const Visit& visit) {
  const Bytes der = crypto::from_base64(key.certificate).value_or(Bytes());
  const X509Ptr certificate = crypto::certificate_of(der);
  WallTime from{};
  WallTime until{};
  if (certificate) {
    from = crypto::time_of(X509_get0_notBefore(certificate.get())).value_or(from);
    until = crypto::time_of(X509_get0_notAfter(certificate.get())).value_or(until);
  }
  const Language language = visit.frame.language;
  Values row;
  row.set("subject", certificate ? crypto::name_text(X509_get_subject_name(certificate.get()))
                                 : std::string());
  row.set("client", client);
  row.set("state", text(language, "key_" + key.state));
  row.set("state_name", key.state);
  row.set("moment", key.not_after);
  row.set("until", shown_time(key.not_after));
  row.set("spki", key.spki);
  const bool counts = key.state == "active";
  const bool expired = counts && visit.now >= until;
  row.set("expired", Values(expired));
  row.set("due", Values(counts && !expired && is_due(from, until, visit.now)));
  row.set("can_revoke", Values(key.state != "revoked"));
  return row;
}

}  // namespace

Values Pages::certificate_rows(storage::SqlConnection& sql, const Visit& visit,
                               const Client& client) const {
  Values rows = value_list();
  for (const AuthenticationKey& key : keys_of(sql, client.id))
    rows.push_back(certificate_row(key, client.name, visit));
  return rows;
}

// In the order of their ends: what is due comes first, behind what has expired or is revoked.
https::server::Response Pages::list_certificates(const Visit& visit) {
  const std::string client = visit.user().role == Role::person ? visit.user().client : "";
  const bool all = visit.form.value("show") == "all";
  const std::string after = visit.form.value("after");
  Values rows = value_list();
  std::string next;
  readers_.read([&](storage::SqlConnection& sql) {
    const auto found = sql.query(
        "SELECT spki, not_after FROM authentication_key"
        " WHERE (:any_client = 1 OR client = :client) AND (:any_state = 1 OR state = 'active')"
        " AND not_after || ' ' || spki > :after ORDER BY not_after || ' ' || spki LIMIT :most",
        {std::int64_t{client.empty() ? 1 : 0}, client, std::int64_t{all ? 1 : 0}, after,
         kCertificatesOfPage + 1});
    for (const auto& each : found) {
      if (std::cmp_equal(rows.list_value().size(), kCertificatesOfPage)) break;
      const auto key = find_key(sql, each.text(0));
      const auto owner = find_client(sql, key->client);
      rows.push_back(certificate_row(*key, owner ? owner->name : key->client, visit));
      next = each.text(1) + " " + each.text(0);
    }
    if (std::cmp_less_equal(found.size(), kCertificatesOfPage)) next.clear();
  });
  Values values;
  values.set("certificates", rows);
  values.set("some", Values(!rows.is_empty_list()));
  values.set("all", Values(all));
  values.set("revocable", Values(false));
  values.set("has_next", Values(!next.empty()));
  values.set("next", "/certificates?" + form_text({{"show", all ? "all" : ""}, {"after", next}}));
  Frame frame = visit.frame;
  frame.section = "certificates";
  return page_answer(200, frame, "certificates", "certificates", values);
}

}  // namespace signet::sealserver
