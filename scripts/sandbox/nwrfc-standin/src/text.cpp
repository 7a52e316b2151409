#include "text.h"

#include <algorithm>

void appendUtf8(std::string &out, char32_t c) {
  auto byte = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 63));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 63));
    byte(0x80 | (c & 63));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 63));
    byte(0x80 | (c >> 6 & 63));
    byte(0x80 | (c & 63));
  }
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

}  // namespace

bool utf8ToUtf16(std::string_view utf8, std::u16string &out) {
  out.resize(utf8.size());  // never more units than bytes; cut at the end
  size_t length = 0;
  for (size_t at = 0; at < utf8.size();) {
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

std::string toUtf8(std::u16string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (size_t i = 0; i < utf16.size(); ++i) {
    char32_t c = utf16[i];
    bool high = c >= 0xD800 && c < 0xDC00;
    bool paired = high && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
    if (paired) {
      c = 0x10000 + ((c - 0xD800) << 10) + (utf16[++i] - 0xDC00);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    appendUtf8(out, c);
  }
  return out;
}

void copyTo(SAP_UC *target, size_t capacity, std::u16string_view text) {
  size_t length = std::min(capacity - 1, text.size());
  std::copy_n(text.data(), length, target);
  target[length] = 0;
}
