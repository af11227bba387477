#include "web/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

#include "text/text.h"

namespace jorge {

bool is_signed_by(std::string_view secret, std::string_view body, std::string_view hex_signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(body.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, body.size(), digest.data(), &size) ==
      nullptr) {
    return false;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string expected;
  for (unsigned i = 0; i < size; ++i) {
    expected += digits[digest[i] >> 4U];
    expected += digits[digest[i] & 0xFU];
  }
  const std::string given = lower_ascii(hex_signature);
  return given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

}  // namespace jorge
