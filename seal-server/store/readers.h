// Connections for whoever reads the database beside the sequencer: each thread has one while it reads.
#ifndef SIGNET_SEAL_SERVER_STORE_READERS_H_
#define SIGNET_SEAL_SERVER_STORE_READERS_H_

#include <memory>
#include <string>
#include <utility>

#include "common/checkout_pool.h"
#include "storage/sql.h"

namespace signet::sealserver {

// Thread-safe.
class Readers {
 public:
  explicit Readers(std::string database) : database_(std::move(database)) {}

  // `work(sql)` over one state of the database, on a connection of its own.
  template <typename Work>
  auto read(Work work) {
    auto sql = pool_.take();
    if (!sql) sql = pool_.lend(storage::SqlConnection::open(database_));
    try {
      return sql->snapshot([&] { return work(*sql); });
    } catch (const storage::SqlError& error) {
      // It does not go back.
      if (error.disconnected()) delete sql.release();
      throw;
    }
  }

 private:
  const std::string database_;
  CheckoutPool<storage::SqlConnection> pool_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_STORE_READERS_H_
