#define OPENSSL_SUPPRESS_DEPRECATED  // EC_GROUP_precompute_mult(); nothing has taken its place
#include "crypto/point_table.h"

#include <openssl/bn.h>

#include <algorithm>

#include "crypto/host_errors.h"

namespace signet::crypto {

namespace {

using Point = OpensslPtr<EC_POINT, EC_POINT_free>;
using Numbers = OpensslPtr<BN_CTX, BN_CTX_free>;

// Numbers of one calculation, given back at its end.
class Frame {
 public:
  explicit Frame(BN_CTX* numbers) : numbers_(numbers) { BN_CTX_start(numbers_); }
  ~Frame() { BN_CTX_end(numbers_); }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  BIGNUM* get() const { return BN_CTX_get(numbers_); }  // null: no memory, and so are all after it

 private:
  BN_CTX* const numbers_;
};

BIGNUM* read_number(ByteView bytes, BIGNUM* number) {
  return BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number);
}

bool is_in_range(const BIGNUM* number, const BIGNUM* order) {
  return BN_is_zero(number) == 0 && BN_cmp(number, order) < 0;
}

}  // namespace

std::unique_ptr<const PointTable> PointTable::make(OSSL_LIB_CTX* context, const EC_GROUP* group,
                                                   ByteView point) {
  const HostErrors aside;
  const Numbers numbers(BN_CTX_new_ex(context));
  Group multiples(EC_GROUP_dup(group));
  const Point generator(EC_POINT_new(group));
  if (!numbers || !multiples || !generator) return nullptr;
  const bool made =
      EC_POINT_oct2point(group, generator.get(), point.data(), point.size(), numbers.get()) == 1 &&
      EC_GROUP_set_generator(multiples.get(), generator.get(), EC_GROUP_get0_order(group),
                             EC_GROUP_get0_cofactor(group)) == 1 &&
      EC_GROUP_precompute_mult(multiples.get(), numbers.get()) == 1 &&
      EC_GROUP_have_precompute_mult(multiples.get()) == 1;
  if (!made) return nullptr;
  return std::unique_ptr<const PointTable>(new PointTable(context, group, std::move(multiples)));
}

bool PointTable::verify(ByteView digest, ByteView signature) const {
  const BIGNUM* const order = EC_GROUP_get0_order(group_);
  const auto size = static_cast<std::size_t>(BN_num_bytes(order));
  if (digest.empty() || signature.size() != 2 * size) return false;
  const Numbers numbers(BN_CTX_new_ex(context_));
  const Point sum(EC_POINT_new(group_));
  const Point part(EC_POINT_new(group_));
  if (!numbers || !sum || !part) return verdict(false);
  BN_CTX* const all = numbers.get();
  const Frame frame(all);
  BIGNUM* const r = frame.get();
  BIGNUM* const s = frame.get();
  BIGNUM* const e = frame.get();
  BIGNUM* const u1 = frame.get();
  BIGNUM* const u2 = frame.get();
  BIGNUM* const x = frame.get();
  if (x == nullptr || read_number(signature.first(size), r) == nullptr ||
      read_number(signature.last(size), s) == nullptr ||
      read_number(digest.first(std::min(digest.size(), size)), e) == nullptr) {
    return verdict(false);
  }
  if (!is_in_range(r, order) || !is_in_range(s, order)) return false;
  // Of a digest only as many bits count as the order has.
  const int spare = BN_num_bytes(order) * 8 - BN_num_bits(order);
  if (digest.size() >= size && spare > 0 && BN_rshift(e, e, spare) != 1) return verdict(false);
  const bool worked = BN_mod_inverse(s, s, order, all) != nullptr &&
                      BN_mod_mul(u1, e, s, order, all) == 1 &&
                      BN_mod_mul(u2, r, s, order, all) == 1 &&
                      EC_POINT_mul(group_, sum.get(), u1, nullptr, nullptr, all) == 1 &&
                      EC_POINT_mul(multiples_.get(), part.get(), u2, nullptr, nullptr, all) == 1 &&
                      EC_POINT_add(group_, sum.get(), sum.get(), part.get(), all) == 1;
  if (!worked) return verdict(false);
  if (EC_POINT_is_at_infinity(group_, sum.get()) == 1) return false;
  return verdict(EC_POINT_get_affine_coordinates(group_, sum.get(), x, nullptr, all) == 1 &&
                 BN_nnmod(x, x, order, all) == 1 && BN_cmp(x, r) == 0);
}

}  // namespace signet::crypto
