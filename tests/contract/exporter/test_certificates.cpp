#include "test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace segue::contract {
namespace {

template <class T, void (*free_it)(T*)>
struct Deleter {
  void operator()(T* object) const noexcept { free_it(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;

struct Identity {
  Key key;
  Certificate certificate;
};

void check(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL refuses");
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// A certificate for an hour, signed by `issuer` or, for an authority, by itself.
Identity make_identity(const char* name, const Identity* issuer) {
  Identity identity = {Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* certificate = identity.certificate.get();
  check(identity.key != nullptr && certificate != nullptr);
  static long serial = 0;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, identity.key.get());
  const auto* text = reinterpret_cast<const unsigned char*>(name);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, text, -1, -1, 0);

  X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  if (issuer == nullptr) {
    add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(certificate, signer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  }
  check(X509_sign(certificate, issuer == nullptr ? identity.key.get() : issuer->key.get(), EVP_sha256()) > 0);
  return identity;
}

void write(const Identity& identity, const std::string& certificate_path, const std::string& key_path) {
  std::FILE* file = std::fopen(certificate_path.c_str(), "w");
  check(file != nullptr && PEM_write_X509(file, identity.certificate.get()) == 1);
  std::fclose(file);
  if (key_path.empty()) return;
  file = std::fopen(key_path.c_str(), "w");
  check(file != nullptr &&
        PEM_write_PKCS8PrivateKey(file, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
}

}  // namespace

TestCertificates::TestCertificates() {
  const Identity known = make_identity("Segue test authority", nullptr);
  write(known, authority(), {});
  write(make_identity("A stranger", nullptr), stranger(), {});
  write(make_identity("localhost", &known), server_certificate(), server_key());
  write(make_identity("a client", &known), client_certificate(), client_key());
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace segue::contract
