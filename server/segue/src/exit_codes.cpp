#include "exit_codes.h"

#include <iostream>

#include "segue/server/query/single_line.h"

namespace segue::server {

int fail(const Error& error) {
  std::cerr << "segue: " << to_single_line(error.message) << std::endl;
  return exit_failure;
}

}  // namespace segue::server
