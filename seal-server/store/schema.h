// The tables of the seal server's database, for SQLite and PostgreSQL alike: numbers are BIGINT; hashes and octets are
// hexadecimal, times RFC 3339 in UTC with milliseconds, which sort as text.
#ifndef SIGNET_SEAL_SERVER_STORE_SCHEMA_H_
#define SIGNET_SEAL_SERVER_STORE_SCHEMA_H_

#include <span>

#include "storage/sql.h"

namespace signet::sealserver {

// For SqlConnection::migrate(). As many steps for one product as for the other.
std::span<const storage::SqlMigration> schema(storage::SqlConnection::Product product);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_STORE_SCHEMA_H_
