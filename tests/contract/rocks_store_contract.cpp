// The embedded store passes the contract.
#include "segue/server/store/rocks_store.h"
#include "store_contract.h"

namespace segue::server::contract {
namespace {

Result<std::unique_ptr<Store>> open_rocks(const std::filesystem::path& directory) {
  return open_rocks_store({.directory = directory});
}

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract, testing::Values(StoreKind{"RocksDb", &open_rocks}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace segue::server::contract
