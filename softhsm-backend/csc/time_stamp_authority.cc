#include "softhsm-backend/csc/time_stamp_authority.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ts.h>

#include <memory>
#include <stdexcept>

#include "common/log.h"
#include "common/log_line.h"
#include "crypto/openssl_ptr.h"

namespace signet::emulator::csc {

namespace {

using RequestPtr = OpensslPtr<TS_REQ, TS_REQ_free>;
using ImprintPtr = OpensslPtr<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;
using IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using BignumPtr = OpensslPtr<BIGNUM, BN_free>;
using StatusPtr = OpensslPtr<TS_STATUS_INFO, TS_STATUS_INFO_free>;

constexpr long kSeconds = 10;
constexpr std::size_t kLargest = std::size_t{1024} * 1024;

struct Handle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct List {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  Bytes& body = *static_cast<Bytes*>(to);
  if (body.size() + size * count > kLargest) return 0;  // ends the transfer
  body.insert(body.end(), data, data + size * count);
  return size * count;
}

Refused failed(std::string why) {
  log::warn("the time-stamp authority: {}", log::printable(why));
  return {500, "server_error", "The time-stamp authority failed: " + std::move(why)};
}

void need(bool condition) {
  if (!condition) throw std::runtime_error("OpenSSL cannot make a time-stamp request");
}

Outcome<Bytes> ask(const std::string& url, const Bytes& request) {
  const std::unique_ptr<CURL, Handle> curl(curl_easy_init());
  const std::unique_ptr<curl_slist, List> headers(
      curl_slist_append(nullptr, "Content-Type: application/timestamp-query"));
  if (!curl || !headers) throw std::bad_alloc();
  Bytes body;
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT, kSeconds);
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(request.data()));
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.size()));
  set(CURLOPT_WRITEFUNCTION, take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
  const CURLcode done = curl_easy_perform(curl.get());
  if (done != CURLE_OK) return failed(curl_easy_strerror(done));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return failed(fmt::format("it answers HTTP {}", status));
  return body;
}

}  // namespace

TimeStampAuthority authority_at(std::string url) {
  return [url = std::move(url)](const Bytes& request) { return ask(url, request); };
}

Bytes encode_request(const WantedStamp& wanted) {
  const RequestPtr request(TS_REQ_new());
  const ImprintPtr imprint(TS_MSG_IMPRINT_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  need(request && imprint && algorithm);
  ASN1_OBJECT* const hash = OBJ_txt2obj(std::string(wanted.hash_oid).c_str(), 1);
  need(hash != nullptr && X509_ALGOR_set0(algorithm.get(), hash, V_ASN1_NULL, nullptr) == 1);
  Bytes digest = wanted.digest;
  need(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
       TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
       TS_REQ_set_version(request.get(), 1) == 1 &&
       TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
       TS_REQ_set_cert_req(request.get(), 1) == 1);
  if (!wanted.nonce.empty()) {
    const BignumPtr number(
        BN_bin2bn(wanted.nonce.data(), static_cast<int>(wanted.nonce.size()), nullptr));
    const IntegerPtr nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
    need(nonce && TS_REQ_set_nonce(request.get(), nonce.get()) == 1);
  }
  unsigned char* der = nullptr;
  const int size = i2d_TS_REQ(request.get(), &der);
  need(size > 0);
  const Bytes encoded(der, der + size);
  OPENSSL_free(der);
  return encoded;
}

Outcome<Bytes> token_in(const Bytes& response) {
  const unsigned char* at = response.data();
  const unsigned char* const end = at + response.size();
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  const int form = ASN1_get_object(&at, &size, &tag, &tag_class, end - at);
  const bool is_whole = (form & 0x81) == 0 && tag == V_ASN1_SEQUENCE &&
                        tag_class == V_ASN1_UNIVERSAL && end - at == size;
  if (!is_whole) return failed("its answer is not a TimeStampResp");
  const StatusPtr info(d2i_TS_STATUS_INFO(nullptr, &at, end - at));
  std::int64_t status = -1;
  if (!info || ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info.get())) != 1) {
    return failed("the status of its answer cannot be read");
  }
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) {
    return failed(fmt::format("it refuses (status {})", status));
  }
  if (at == end) return failed("its answer has no token");
  return Bytes(at, end);
}

}  // namespace signet::emulator::csc
