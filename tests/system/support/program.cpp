#include "program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace segue::test {
namespace {

constexpr int cannot_start = 127;  // as shells have it

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> with_own_environment(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;  // the first entry of a name wins
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

}  // namespace

Program::Program(std::vector<std::string> command, const std::vector<std::string>& environment) {
  std::vector<std::string> variables = with_own_environment(environment);
  const std::vector<char*> arguments = pointers_to(command);
  const std::vector<char*> entries = pointers_to(variables);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) {  // only calls that are safe between fork and exec
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(ends[1], STDOUT_FILENO);
    ::execve(arguments[0], arguments.data(), entries.data());
    ::_exit(cannot_start);
  }
  ::close(ends[1]);
  reader_ = std::thread([this, descriptor = ends[0]] { read_output(descriptor); });
}

Program::~Program() {
  kill();
  reader_.join();
}

void Program::read_output(int descriptor) {
  char chunk[4096];
  ssize_t size = 0;
  while ((size = ::read(descriptor, chunk, sizeof chunk)) > 0) {
    const std::lock_guard lock(mutex_);
    output_.append(chunk, static_cast<std::size_t>(size));
    changed_.notify_all();
  }
  ::close(descriptor);
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  changed_.notify_all();
}

std::optional<std::string> Program::wait_for_line(std::string_view beginning) {
  std::unique_lock lock(mutex_);
  std::size_t line = 0;
  while (true) {
    const std::size_t end = output_.find('\n', line);
    if (end == std::string::npos && has_ended_) return std::nullopt;
    if (end == std::string::npos) {
      changed_.wait(lock);
      continue;
    }
    if (std::string_view(output_).substr(line).starts_with(beginning)) {
      return output_.substr(line + beginning.size(), end - line - beginning.size());
    }
    line = end + 1;
  }
}

int Program::wait() {
  if (!result_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    result_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return *result_;
}

int Program::terminate() {
  if (!result_) ::kill(pid_, SIGTERM);
  return wait();
}

void Program::kill() {
  if (!result_) ::kill(pid_, SIGKILL);
  wait();
}

std::string Program::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

}  // namespace segue::test
