// UTF-8 on the wire, UTF-16 towards the addon.
#pragma once

#include <string>
#include <string_view>

#include "sapnwrfc.h"

void appendUtf8(std::string &out, char32_t codePoint);

/** Replaces `out`; false when the bytes are not UTF-8. */
bool utf8ToUtf16(std::string_view utf8, std::u16string &out);
std::u16string toUtf16(std::string_view utf8);

/** Lone surrogates become U+FFFD. */
std::string toUtf8(std::u16string_view utf16);
/** The same into a buffer of at least three bytes per unit; returns the bytes written. Not terminated. */
size_t writeUtf8(std::u16string_view utf16, char *target);

/** Copies and terminates; what does not fit is cut. */
void copyTo(SAP_UC *target, size_t capacity, std::u16string_view text);
