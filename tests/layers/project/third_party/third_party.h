// Stands for any third-party library.
#pragma once

inline constexpr char third_party_separator = ' ';
