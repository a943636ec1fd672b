// Certificates, and which of them are to be renewed.
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "seal-server/certificates/sealing.h"
#include "seal-server/clients/clients.h"
#include "seal-server/pages/due.h"
#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_view.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kCertificatesOfPage = 100;

// Of one kind or the other, as far as a page shows it.
struct ShownCertificate {
  const char* kind;
  std::string certificate;  // base64 of the DER
  std::string state;
  std::string not_after;
  std::string client;     // its name
  std::string spki = {};  // of one that an administrator may revoke here
};

ShownCertificate shown(const AuthenticationKey& key, const std::string& client) {
  return {.kind = "authentication",
          .certificate = key.certificate,
          .state = key.state,
          .not_after = key.not_after,
          .client = client,
          .spki = key.spki};
}

ShownCertificate shown(const SealingCertificate& sealing, const std::string& client) {
  return {.kind = "sealing",
          .certificate = sealing.certificate,
          .state = sealing.state,
          .not_after = sealing.not_after,
          .client = client};
}

Values certificate_row(const ShownCertificate& one, const Visit& visit) {
  const Bytes der = crypto::from_base64(one.certificate).value_or(Bytes());
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
  row.set("kind", text(language, std::string("certificate_") + one.kind));
  row.set("client", one.client);
  row.set("state", text(language, "key_" + one.state));
  row.set("state_name", one.state);
  row.set("moment", one.not_after);
  row.set("until", shown_time(one.not_after));
  row.set("spki", one.spki);
  const bool counts = one.state == "active";
  const bool expired = counts && visit.now >= until;
  row.set("expired", Values(expired));
  row.set("due", Values(counts && !expired && is_due(from, until, visit.now)));
  row.set("can_revoke", Values(!one.spki.empty() && one.state != "revoked"));
  return row;
}

ShownCertificate found_certificate(storage::SqlConnection& sql, const std::string& kind,
                                   const std::string& name) {
  const auto client_name = [&](const std::string& id) {
    const auto client = find_client(sql, id);
    return client ? client->name : id;
  };
  if (kind == "authentication") {
    const AuthenticationKey key = find_key(sql, name).value();
    return shown(key, client_name(key.client));
  }
  const SealingCertificate sealing = find_sealing_certificate(sql, name).value();
  return shown(sealing, client_name(sealing.client));
}

}  // namespace

Values Pages::certificate_rows(storage::SqlConnection& sql, const Visit& visit,
                               const Client& client) const {
  Values rows = value_list();
  for (const AuthenticationKey& key : keys_of(sql, client.id))
    rows.push_back(certificate_row(shown(key, client.name), visit));
  for (const SealingCertificate& sealing : sealing_certificates_of(sql, client.id))
    rows.push_back(certificate_row(shown(sealing, client.name), visit));
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
        "SELECT kind, name, not_after FROM ("
        "SELECT 'authentication' AS kind, spki AS name, not_after, client, state"
        " FROM authentication_key UNION ALL"
        " SELECT 'sealing' AS kind, name, not_after, client, state FROM sealing_certificate) AS one"
        " WHERE (:any_client = 1 OR client = :client) AND (:any_state = 1 OR state = 'active')"
        " AND not_after || ' ' || name > :after ORDER BY not_after || ' ' || name LIMIT :most",
        {std::int64_t{client.empty() ? 1 : 0}, client, std::int64_t{all ? 1 : 0}, after,
         kCertificatesOfPage + 1});
    for (const auto& each : found) {
      if (std::cmp_equal(rows.list_value().size(), kCertificatesOfPage)) break;
      rows.push_back(certificate_row(found_certificate(sql, each.text(0), each.text(1)), visit));
      next = each.text(2) + " " + each.text(1);
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
