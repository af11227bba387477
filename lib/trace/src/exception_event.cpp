#include "exception_event.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <typeinfo>

#include "attribute_lookup.h"

namespace segue::detail {
namespace {

std::string readable_name(const std::type_info* type) {
  if (type == nullptr) return "unknown";
  const std::unique_ptr<char, void (*)(void*)> readable(abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr),
                                                        std::free);
  return readable != nullptr ? readable.get() : type->name();
}

// Type and message alone.
ExceptionFacts own_facts(const std::exception& exception) {
  return {readable_name(&typeid(exception)), exception.what(), {}};
}

std::exception_ptr cause_of(const std::exception& exception) noexcept {
  const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
  return nested != nullptr ? nested->nested_ptr() : nullptr;
}

// The facts of what `pointer` holds; `next` becomes its cause.
ExceptionFacts own_facts(const std::exception_ptr& pointer, std::exception_ptr& next) {
  next = nullptr;
  try {
    std::rethrow_exception(pointer);
  } catch (const std::exception& exception) {
    next = cause_of(exception);
    return own_facts(exception);
  } catch (const std::string& text) {
    return {readable_name(abi::__cxa_current_exception_type()), text, {}};
  } catch (const char* text) {
    return {readable_name(abi::__cxa_current_exception_type()), text != nullptr ? text : "", {}};
  } catch (...) {
    return {readable_name(abi::__cxa_current_exception_type()), {}, {}};
  }
}

void add_causes(ExceptionFacts& facts, std::exception_ptr cause) {
  while (cause != nullptr && facts.causes.size() < max_recorded_causes) {
    std::exception_ptr next;
    const ExceptionFacts one = own_facts(cause, next);
    facts.causes.push_back(one.message.empty() ? one.type : one.type + ": " + one.message);
    cause = std::move(next);
  }
}

}  // namespace

ExceptionFacts facts_of(const std::exception& exception) {
  ExceptionFacts facts = own_facts(exception);
  add_causes(facts, cause_of(exception));
  return facts;
}

ExceptionFacts facts_of(const std::exception_ptr& exception) {
  std::exception_ptr cause;
  ExceptionFacts facts = own_facts(exception, cause);
  add_causes(facts, std::move(cause));
  return facts;
}

bool holds(const std::exception_ptr& pointer, const std::exception& exception) noexcept {
  if (pointer == nullptr) return false;
  try {
    std::rethrow_exception(pointer);
  } catch (const std::exception& held) {
    return dynamic_cast<const void*>(&held) == dynamic_cast<const void*>(&exception);
  } catch (...) {
    return false;
  }
}

std::vector<Attribute> exception_attributes(const ExceptionFacts& facts, const std::vector<std::string_view>& causes,
                                            Attributes more) {
  std::vector<Attribute> list;
  list.reserve(3 + more.size());
  list.push_back({attributes::exception_type, facts.type});
  list.push_back({attributes::exception_message, facts.message});
  if (!causes.empty()) list.push_back({attributes::exception_causes, causes});
  list.insert(list.end(), more.begin(), more.end());  // of a repeated key the last one counts
  return list;
}

}  // namespace segue::detail
