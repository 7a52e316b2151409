#include "text.h"

#include <algorithm>
#include <type_traits>

namespace {

/** Writes one character, up to four bytes; returns the place after it. */
char *putUtf8(char *target, char32_t c) {
  auto put = [&target](char32_t bits) { *target++ = static_cast<char>(bits); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 63));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 63));
    put(0x80 | (c & 63));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 63));
    put(0x80 | (c >> 6 & 63));
    put(0x80 | (c & 63));
  }
  return target;
}

}  // namespace

void appendUtf8(std::string &out, char32_t codePoint) {
  char bytes[4];
  out.append(bytes, putUtf8(bytes, codePoint));
}

namespace {

/** Continuation bytes that follow this first byte; -1 when it cannot begin a character. */
int continuationBytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >> 5 == 6) return 1;
  if (first >> 4 == 14) return 2;
  if (first >> 3 == 30) return 3;
  return -1;
}

/**
 * Copies a run of ASCII from the front, in chunks that the compiler turns into vector instructions; returns how much.
 * Table rows are long, mostly ASCII, and there are millions of them.
 */
template <class From, class To>
size_t copyAscii(const From *from, size_t length, To *to) {
  constexpr size_t chunk = 16;
  size_t done = 0;
  for (; done + chunk <= length; done += chunk) {
    unsigned seen = 0;
    for (size_t i = 0; i < chunk; ++i) seen |= static_cast<std::make_unsigned_t<From>>(from[done + i]);
    if (seen >= 0x80) break;
    for (size_t i = 0; i < chunk; ++i) to[done + i] = static_cast<To>(from[done + i]);
  }
  return done;
}

}  // namespace

bool utf8ToUtf16(std::string_view utf8, std::u16string &out) {
  out.resize(utf8.size());  // never more units than bytes; cut at the end
  size_t length = 0;
  for (size_t at = 0; at < utf8.size();) {
    size_t plain = copyAscii(utf8.data() + at, utf8.size() - at, out.data() + length);
    at += plain;
    length += plain;
    if (at == utf8.size()) break;
    auto first = static_cast<unsigned char>(utf8[at]);
    if (first < 0x80) {
      out[length++] = first;
      ++at;
      continue;
    }
    int more = continuationBytes(first);
    if (more < 0 || at + static_cast<size_t>(more) >= utf8.size()) return false;
    char32_t c = first & (0x3F >> more);
    for (int i = 1; i <= more; ++i) {
      auto next = static_cast<unsigned char>(utf8[at + static_cast<size_t>(i)]);
      if ((next & 0xC0) != 0x80) return false;
      c = c << 6 | (next & 63);
    }
    at += static_cast<size_t>(more) + 1;
    if (c < 0x10000) {
      out[length++] = static_cast<char16_t>(c);
    } else {
      out[length++] = static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out[length++] = static_cast<char16_t>(0xDC00 + (c & 1023));
    }
  }
  out.resize(length);
  return true;
}

std::u16string toUtf16(std::string_view utf8) {
  std::u16string out;
  if (!utf8ToUtf16(utf8, out)) out.clear();
  return out;
}

size_t writeUtf8(std::u16string_view utf16, char *target) {
  char *end = target;
  for (size_t i = 0; i < utf16.size(); ++i) {
    size_t plain = copyAscii(utf16.data() + i, utf16.size() - i, end);
    i += plain;
    end += plain;
    if (i == utf16.size()) break;
    char32_t c = utf16[i];
    if (c < 0x80) {
      *end++ = static_cast<char>(c);
      continue;
    }
    bool isHigh = c >= 0xD800 && c < 0xDC00;
    bool isPaired = isHigh && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
    if (isPaired) {
      c = 0x10000 + ((c - 0xD800) << 10) + (utf16[++i] - 0xDC00);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    end = putUtf8(end, c);
  }
  return static_cast<size_t>(end - target);
}

std::string toUtf8(std::u16string_view utf16) {
  std::string out(3 * utf16.size(), '\0');
  out.resize(writeUtf8(utf16, out.data()));
  return out;
}

void copyTo(SAP_UC *target, size_t capacity, std::u16string_view text) {
  size_t length = std::min(capacity - 1, text.size());
  std::copy_n(text.data(), length, target);
  target[length] = 0;
}
