#include "page_token.h"

#include <array>

#include "byte_codec.h"
#include "keys.h"
#include "segue/base/hex.h"

namespace segue::server::detail {
namespace {

constexpr std::uint8_t token_version = 1;
constexpr std::size_t token_bytes = 1 + 8 + 8 + 4;
constexpr std::uint32_t max_page_limit = 1000;

}  // namespace

QueryPrint& QueryPrint::add(std::string_view text) noexcept {
  hash_ = stable_hash(text, hash_ + text.size() + 1);
  return *this;
}

QueryPrint& QueryPrint::add(std::uint64_t number) noexcept {
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  return add(std::string_view(bytes.data(), bytes.size()));
}

QueryPrint& QueryPrint::add(const std::optional<std::uint64_t>& number) noexcept {
  return number ? add(std::uint64_t{1}).add(*number) : add(std::uint64_t{0});
}

std::string make_page_token(std::uint64_t print, PageStart start) {
  std::string bytes;
  ByteWriter(bytes).byte(token_version).fixed64(print).fixed64(start.position).fixed32(start.tie);
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

Result<PageStart> read_page_token(std::string_view token, std::uint64_t print) {
  std::array<std::uint8_t, token_bytes> bytes;
  if (!decode_hex(token, bytes)) return Error{Errc::InvalidArgument, "the page token is not one"};
  ByteReader in({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (in.byte() != token_version) return Error{Errc::InvalidArgument, "the page token is of another version"};
  if (in.fixed64() != print) return Error{Errc::InvalidArgument, "the page token belongs to another query"};
  PageStart start;
  start.position = in.fixed64();
  start.tie = in.fixed32();
  return start;
}

Result<void> check_page_limit(std::uint32_t limit) {
  if (limit >= 1 && limit <= max_page_limit) return {};
  return Error{Errc::InvalidArgument, "limit must be from 1 to " + std::to_string(max_page_limit)};
}

}  // namespace segue::server::detail
