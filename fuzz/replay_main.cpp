// Stands in for libFuzzer: runs a fuzz target once over every file named on the command line.
//
//   otlp_traces_fuzz corpus/otlp_traces/*
//
// So each target is compiled, and its corpus replayed, by every build and not only where clang is used.
// Errors: exit code 1 when a file cannot be read or none is named; whatever the target itself detects aborts.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** names) {
  for (int i = 1; i < count; ++i) {
    std::ifstream file(names[i], std::ios::binary);
    const std::vector<char> input{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
      std::fprintf(stderr, "cannot read %s\n", names[i]);
      return 1;
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
  std::printf("replayed %d inputs\n", count - 1);
  return count > 1 ? 0 : 1;
}
