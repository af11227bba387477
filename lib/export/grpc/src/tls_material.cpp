#include "tls_material.h"

#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "segue/export/detail/remote.h"

namespace segue::detail {
namespace {

template <auto free_object>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    free_object(object);
  }
};
using Bytes = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

// Instead of asking at the terminal.
int no_password(char*, int, int, void*) noexcept { return -1; }

Bytes open(const std::string& pem) { return Bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

Certificate first_certificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(open(pem).get(), nullptr, no_password, nullptr));
}

}  // namespace

Result<void> check_tls_material(const std::string& ca, const std::string& certificate, const std::string& key) {
  ERR_set_mark();
  const Certificate authority = ca.empty() ? nullptr : first_certificate(ca);
  const Certificate own = certificate.empty() ? nullptr : first_certificate(certificate);
  const Key own_key(key.empty() ? nullptr : PEM_read_bio_PrivateKey(open(key).get(), nullptr, no_password, nullptr));
  const bool fits = own == nullptr || own_key == nullptr || X509_check_private_key(own.get(), own_key.get()) == 1;
  ERR_pop_to_mark();  // OpenSSL's list of errors is the whole thread's

  if (!ca.empty() && !authority) return invalid_option("ca_file: no certificate in PEM in it");
  if (!certificate.empty() && !own) return invalid_option("client_certificate_file: no certificate in PEM in it");
  if (!key.empty() && !own_key) return invalid_option("client_key_file: no key in PEM without a password in it");
  if (!fits) return invalid_option("client_key_file: not the key of the certificate in client_certificate_file");
  return {};
}

}  // namespace segue::detail
